import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { generateClient } from "./steps/client.ts";

// npm run bench -- NAME [--json] [--minutes N] [--interval S] [--samples N] [--file RECORDING]
// Progress goes to standard error; with --json the last line of standard output is one object.

export type BenchOptions = { minutes: number; intervalS: number; samples: number; file?: string };
export type BenchResult = Record<string, number | string>;

const BENCHES: Record<string, () => Promise<{ run(options: BenchOptions): Promise<BenchResult> }>> = {
  start: () => import("./bench/start.ts"),
  footprint: () => import("./bench/footprint.ts"),
  cycle: () => import("./bench/cycle.ts"),
  collector: () => import("./bench/collector.ts"),
  peers: () => import("./bench/peers.ts"),
  readings: () => import("./bench/readings.ts"),
  agents: () => import("./bench/agents.ts"),
  pages: () => import("./bench/pages.ts"),
  charts: () => import("./bench/charts.ts"),
  live: () => import("./bench/live.ts"),
  store: () => import("./bench/store.ts"),
  load: () => import("./bench/load.ts"),
  alerts: () => import("./bench/alerts.ts"),
  "alert-latency": () => import("./bench/alert-latency.ts"),
  "alert-weeks": () => import("./bench/alert-weeks.ts"),
  detect: () => import("./bench/detect.ts"),
  nab: () => import("./bench/nab.ts"),
  forecast: () => import("./bench/forecast.ts"),
  experiment: () => import("./bench/experiment.ts"),
  coverage: () => import("./bench/coverage.ts"),
  export: () => import("./bench/export.ts"),
  report: () => import("./bench/report.ts"),
  jobs: () => import("./bench/jobs.ts"),
  digest: () => import("./bench/digest.ts"),
  faults: () => import("./bench/faults.ts"),
  processes: () => import("./bench/processes.ts"),
  databases: () => import("./bench/databases.ts"),
  promql: () => import("./bench/promql.ts"),
  ingest: () => import("./bench/ingest.ts"),
  bytes: () => import("./bench/bytes.ts"),
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    minutes: { type: "string", default: "30" },
    interval: { type: "string", default: "5" },
    samples: { type: "string", default: "2000000" },
    file: { type: "string" },
  },
});
const [name = ""] = positionals;
const load = BENCHES[name];
if (!load) {
  console.error(
    `✖ npm run bench -- ${Object.keys(BENCHES).join("|")} [--json] [--minutes N] [--interval S] [--samples N] [--file RECORDING]`,
  );
  process.exit(1);
}
await generateClient();
mkdirSync("test-results", { recursive: true });
const bench = await load();
const result = await bench.run({
  minutes: Number(values.minutes),
  intervalS: Number(values.interval),
  samples: Number(values.samples),
  ...(values.file && { file: values.file }),
});
if (values.json) console.log(JSON.stringify({ bench: name, ...result }));
else console.table(result);
process.exit(0);
