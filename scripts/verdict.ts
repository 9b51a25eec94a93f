// npm run --silent experiment:verdict -- URL KEY [--canary N]     the token in SIGHTLINE_TOKEN
// For deploy pipelines: prints the verdict and exits with 0 ship, 1 roll back, 2 keep running, 3 inconclusive, 4 when it cannot be
// asked. With --canary N a verdict to keep running exits with 0 once the canary score is at least N.

const EXITS = { ship: 0, roll_back: 1, keep_running: 2, inconclusive: 3 } as const;

const [url, key, flag, minCanary, ...more] = process.argv.slice(2);
/** A whole number from 0 to 100, as the score is. */
const isScore = (text = "") => /^\d{1,3}$/.test(text) && Number(text) <= 100;
if (!url || !key || more.length > 0 || (flag !== undefined && (flag !== "--canary" || !isScore(minCanary)))) {
  console.error("✖ npm run experiment:verdict -- URL KEY [--canary N], N from 0 to 100, the token in SIGHTLINE_TOKEN");
  process.exit(4);
}
const answer = await fetch(`${url}/api/v1/experiments/${encodeURIComponent(key)}/verdict`, {
  headers: { authorization: `Bearer ${process.env.SIGHTLINE_TOKEN ?? ""}` },
}).catch((error: Error) => error);
if (answer instanceof Error) {
  console.error(`✖ ${url} does not answer: ${answer.message}`);
  process.exit(4);
}
const body = (await answer.json()) as {
  decision: keyof typeof EXITS;
  reasons: string[];
  rule: string;
  canary: number | null;
  detail?: string;
};
if (!answer.ok) {
  console.error(`✖ ${body.detail}`);
  process.exit(4);
}
console.log(JSON.stringify(body));
console.error(`${body.decision.replaceAll("_", " ")}, canary ${body.canary ?? "unknown"}: ${body.reasons.join("; ")}`);
// Of too few nothing is known yet: the pipeline waits, whatever their score.
const isKnown = body.decision === "keep_running" && body.rule !== "early" && body.canary !== null;
const goesOn = flag === "--canary" && isKnown && (body.canary ?? 0) >= Number(minCanary);
process.exit(goesOn ? 0 : EXITS[body.decision]);

export {};
