import "#lib/collect/agent/node-20.ts";

// The agent of a host, bundled into one file that needs nothing but Node 20: it samples as the portal's own collector does, and sends what it finds. The
// same file is the prober, which loads only what it needs, since its memory is the host's.

const program = process.argv[2] === "prober" ? import("./prober.ts") : import("./agent/program.ts");
program.catch((error: Error) => {
  process.stderr.write(`sightline-agent: ${error.message}\n`);
  process.exit(1);
});
