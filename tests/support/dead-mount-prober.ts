import { open } from "node:fs/promises";
import { PROBES } from "#lib/collect/probes/index.ts";

// The prober on a machine where some file systems are dead: a question for one of them is a system call that does not return, as of statfs on an NFS
// mount whose server is gone. Here it is the opening of a pipe that nobody writes to.

const dead = new Map(
  (process.env.PATH ?? "")
    .split(":")
    .flatMap((entry) => (entry.startsWith("dead=") ? [entry.slice(5).split(">") as [string, string]] : [])),
);
const real = PROBES.filesystem;
PROBES.filesystem = async (mount) => {
  const pipe = dead.get(mount);
  if (!pipe) return real("/");
  await (await open(pipe)).close();
  return real("/");
};
await import("../../workers/prober.ts");
