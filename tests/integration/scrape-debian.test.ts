import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Database } from "#lib/db/client.ts";
import { updateInput } from "#lib/inputs/inputs.ts";
import { seriesName } from "#lib/metrics/frame.ts";
import { parseNumber } from "#lib/scrape/format/number.ts";
import { ScrapeManager } from "#lib/scrape/run/scrape-manager.ts";
import { listTargets } from "#lib/scrape/scrape-inputs.ts";
import { freshDatabase } from "../support/database.ts";
import { DebianPrometheus, missingDebianPrometheus } from "../support/debian-prometheus.ts";
import { eventually } from "../support/eventually.ts";
import { allSamples } from "../support/inputs.ts";
import { addScrapeInput, DebianExporter, missingExporters, TestTarget } from "../support/scrape.ts";

const skip = (await missingDebianPrometheus()) ?? (await missingExporters());
process.env.NEXTAUTH_SECRET ??= "a secret of the tests, long enough for all";

let db: Database;
let dir: string;
let prometheus: DebianPrometheus;
let open: TestTarget;
let exporters: DebianExporter[] = [];
let exporterJobs: Job[] = [];
let relabelJobs: Job[] = [];

type Job = { job_name: string } & Record<string, unknown>;

const SPEED = { scrape_interval: "1s", scrape_timeout: "1s" };

/** An nginx with its status page, in a folder of its own. */
async function startNginx(dir: string): Promise<DebianExporter> {
  mkdirSync(join(dir, "logs"), { recursive: true });
  return DebianExporter.start("nginx-light", (address) => {
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${dir}/${name};`,
    );
    const text = `daemon off; master_process off; pid ${dir}/pid; error_log ${dir}/error.log; events {}
      http { access_log off; ${temporary.join(" ")} server { listen ${address}; location / { stub_status; } } }`;
    writeFileSync(join(dir, "nginx.conf"), text);
    return ["-c", join(dir, "nginx.conf"), "-p", dir, "-e", join(dir, "error.log")];
  });
}

type TheirTarget = {
  scrapePool: string;
  scrapeUrl: string;
  labels: Record<string, string>;
  discoveredLabels: Record<string, string>;
  health: string;
};

async function targetsOf({
  url,
}: DebianPrometheus): Promise<Record<"activeTargets" | "droppedTargets", TheirTarget[]>> {
  const answer = await fetch(`${url}/api/v1/targets`);
  return ((await answer.json()) as { data: Awaited<ReturnType<typeof targetsOf>> }).data;
}

/** Waits until Prometheus, which looks for targets each five seconds, has scraped each. */
const hasScraped = (prometheus: DebianPrometheus) =>
  eventually(async () => {
    const { activeTargets: targets } = await targetsOf(prometheus);
    return targets.length > 0 && targets.every(({ health }) => health !== "unknown");
  }, 20);

/** Everything is started once, since Prometheus takes five seconds until it scrapes. */
before(async () => {
  if (skip) return;
  const fresh = await freshDatabase();
  db = fresh.db;
  dir = mkdtempSync(join(tmpdir(), "sightline-scrape-"));
  const nginx = await startNginx(dir);
  const dataSource = new URL(fresh.url);
  dataSource.searchParams.set("sslmode", "disable");
  const started = await Promise.all([
    DebianExporter.start("prometheus-node-exporter", (address) => [`--web.listen-address=${address}`]),
    DebianExporter.start("prometheus-postgres-exporter", (address) => [`--web.listen-address=${address}`], {
      DATA_SOURCE_NAME: dataSource.href,
    }),
    DebianExporter.start("prometheus-nginx-exporter", (address) => [
      ...[`-web.listen-address=${address}`, "-nginx.scrape-uri", `http://${nginx.address}/`],
    ]),
  ]);
  exporters = [...started, nginx];
  exporterJobs = ["node", "postgres", "nginx"].map((job_name, n) => ({
    ...{ job_name, ...SPEED },
    static_configs: [{ targets: [started[n]?.address ?? ""], labels: { env: "test" } }],
  }));
  open = await TestTarget.open((_, response) => void response.setHeader("content-type", "text/plain").end(EXPOSED));
  const relabelled = {
    ...{ job_name: "relabel", ...SPEED, params: { module: ["tcp", "udp"], target: ["a b"] } },
    ...{ static_configs: groupsOf(open), relabel_configs: RELABEL, metric_relabel_configs: METRIC_RELABEL },
  };
  relabelJobs = [relabelled, { ...relabelled, job_name: "honors", honor_labels: true }];
  prometheus = await DebianPrometheus.start(() =>
    JSON.stringify({ scrape_configs: [...exporterJobs, ...relabelJobs] }),
  );
  await hasScraped(prometheus);
});

after(async () => {
  if (skip) return;
  prometheus.remove();
  for (const exporter of exporters) exporter.stop();
  await open.close();
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
});

type Result = { metric: Record<string, string>; values: [number, string][] };

const nameOf = ({ __name__: metric = "", ...labels }: Record<string, string>) => seriesName(metric, labels);

/** The values of each series that Prometheus holds of a selector. */
async function heldBy(selector: string): Promise<Record<string, number[]>> {
  const { data } = await prometheus.ask("query", { query: `${selector}[1h]` });
  return Object.fromEntries(
    ((data?.result ?? []) as Result[]).map(({ metric, values }) => [
      nameOf(metric),
      values.map(([, text]) => parseNumber(text) as number),
    ]),
  );
}

const toNumber = (bits: bigint): number => new Float64Array(BigUint64Array.of(bits).buffer)[0] as number;

async function stored(db: Database, hostId: number): Promise<Record<string, number[]>> {
  const samples = await allSamples(db, hostId);
  return Object.fromEntries(
    Object.entries(samples).map(([name, own]) => [name, own.map(([, bits]) => toNumber(bits))]),
  );
}

const isConstant = (values: number[]): boolean => values.every((value) => Object.is(value, values[0]));

/** Without the databases of tests, which come and go beside this one between two scrapes. */
const withoutTests = (series: Record<string, number[]>): Record<string, number[]> =>
  Object.fromEntries(Object.entries(series).filter(([name]) => !name.includes('datname="test_')));

/** Scrapes all inputs until each of their targets has been scraped twice. */
async function scrapeAll(db: Database, ids: number[]): Promise<void> {
  const manager = new ScrapeManager(db);
  const first = new Map<string, number | undefined>();
  try {
    await eventually(async () => {
      await manager.follow();
      const lists = await Promise.all(ids.map((id) => listTargets(db, id)));
      return lists.every(({ targets }, n) =>
        targets.every(({ url, health, lastScrapeAt }) => {
          const [key, at] = [`${n} ${url}`, lastScrapeAt?.getTime()];
          if (!first.get(key)) first.set(key, at);
          return health === "dropped" || (at !== undefined && at !== first.get(key));
        }),
      );
    }, 20);
  } finally {
    await manager.close();
  }
}

test("Debian's node, PostgreSQL and nginx exporters: the same series as Debian's Prometheus holds of them, and the same values of those that stand still", {
  skip,
}, async () => {
  const ids = await Promise.all(exporterJobs.map((job) => addScrapeInput(db, job.job_name, job)));
  await scrapeAll(db, ids);
  for (const [n, { job_name: job }] of exporterJobs.entries()) {
    const [theirs, ours] = [
      withoutTests(await heldBy(`{job="${job}"}`)),
      withoutTests(await stored(db, ids[n] as number)),
    ];
    assert.ok(Object.keys(theirs).length > 8, `${job}: ${Object.keys(theirs).length} series`);
    assert.deepEqual(Object.keys(ours).sort(), Object.keys(theirs).sort(), job);
    const still = Object.keys(theirs).filter((name) => isConstant(theirs[name] ?? []) && isConstant(ours[name] ?? []));
    // What changes between two scrapes differs: of a large exporter that is the smaller part.
    const differ = still.filter((name) => !Object.is(theirs[name]?.[0], ours[name]?.[0]));
    assert.ok(differ.length < still.length / 20, `${job}: ${differ.slice(0, 20).join(" ")}`);
    const { targets, problem } = await listTargets(db, ids[n] as number);
    assert.deepEqual([targets.map(({ health, error }) => [health, error]), problem], [[["up", null]], null]);
    await updateInput(db, ids[n] as number, { enabled: false });
  }
});

// Of Prometheus, and no templates of ours.
const numbered = (number: number) => `$\{${number}}`;
const RELABEL = [
  {
    source_labels: ["__address__"],
    regex: "([^:]+):(\\d+)",
    target_label: "instance",
    replacement: `${numbered(1)}-$2`,
  },
  {
    source_labels: ["shard", "env"],
    separator: "/",
    regex: "(.*)/(.*)",
    target_label: "where",
    replacement: "$2.$1.$3x",
  },
  { regex: "app_(.+)", action: "labelmap", replacement: "k8s_$1" },
  { regex: "app_.*", action: "labeldrop" },
  { source_labels: ["env"], regex: "dev", action: "drop" },
  { source_labels: ["env"], regex: "prod|test|probe", action: "keep" },
  { source_labels: ["env", "__address__"], regex: "probe;(.*)", target_label: "__param_target" },
  { source_labels: ["env"], regex: "probe", target_label: "__address__", replacement: "127.0.0.1:5" },
  { source_labels: ["env"], target_label: "upper", action: "uppercase" },
  { source_labels: ["__address__"], target_label: "bucket", modulus: 7, action: "hashmod" },
  { source_labels: ["nothing"], regex: "(.*)", target_label: "empty", replacement: "$1" },
  { source_labels: ["path"], regex: "(.+)", target_label: "__metrics_path__" },
  { source_labels: ["env"], regex: "pro", target_label: "never", replacement: "set" },
  { source_labels: ["env"], regex: "(te)st", target_label: `t_${numbered(1)}`, replacement: "yes" },
  { target_label: "__param_module", replacement: "http" },
];
const METRIC_RELABEL = [
  { source_labels: ["__name__"], regex: "go_(.*)", target_label: "__name__", replacement: "renamed_$1" },
  { source_labels: ["__name__", "kind"], regex: "odd;b", action: "drop" },
  { regex: "secret", action: "labeldrop" },
  { source_labels: ["kind"], regex: "(.)", target_label: "copied", replacement: "$1$1" },
];

const EXPOSED = `# TYPE go_counter_total counter
go_counter_total 1
odd{kind="a",job="own",instance="own",exported_job="x"} 1 
odd{kind="b"} 2
odd{kind="c",secret="1",env=""} NaN
odd{kind="esc\\\\ape\\"d\\n",} -Inf
odd{kind="twice"} 1
odd{kind="twice"} 2
`;

const groupsOf = ({ address }: TestTarget) => [
  { targets: [address], labels: { env: "test", app_name: "shop", app_tier: "web", shard: "3" } },
  { targets: ["127.0.0.1:2"], labels: { env: "dev" } },
  { targets: ["127.0.0.1:3"], labels: { env: "other" } },
  { targets: ["127.0.0.1:4"], labels: { env: "prod", path: "/custom", instance: "own", job: "mine" } },
  { targets: ["localhost"], labels: { env: "prod", shard: "9" } },
  // As blackbox_exporter is configured: what is asked is a parameter of the exporter.
  { targets: ["https://example.com/a"], labels: { env: "probe" } },
];

test("relabelling of targets and samples comes out as Debian's Prometheus does it, and so do labels that are there already", {
  skip,
}, async () => {
  const ids = await Promise.all(relabelJobs.map((job) => addScrapeInput(db, job.job_name, job)));
  await scrapeAll(db, ids);
  const { activeTargets, droppedTargets } = await targetsOf(prometheus);
  const address = open.address.replace(":", "-");
  const held = (all: Record<string, number[]>) =>
    Object.fromEntries(
      Object.entries(all)
        .filter(
          ([name]) => (name.includes(address) || name.includes(`job="own"`)) && !name.startsWith("scrape_duration"),
        )
        .map(([name, values]) => [name, values[0]])
        .sort(),
    );
  // Series of both jobs, whatever their label job came to.
  const theirs = held(await heldBy('{where!=""}'));
  const all = await Promise.all(ids.map(async (id) => held(await stored(db, id))));
  assert.deepEqual(Object.assign({}, ...all), theirs);
  for (const own of all) assert.equal(Object.keys(own).length, 9, Object.keys(own).join("\n"));
  for (const [n, { job_name: pool }] of relabelJobs.entries()) {
    const { targets } = await listTargets(db, ids[n] as number);
    // Those that are discovered are compared where rules drop them: of others this Prometheus answers them half changed.
    const ours = targets.map(({ url, labels, discoveredLabels, health }) => [
      ...[url, labels, health === "dropped" ? discoveredLabels : {}, health],
    ]);
    const active = activeTargets
      .filter(({ scrapePool }) => scrapePool === pool)
      .map(({ scrapeUrl, labels, health }) => [new URL(scrapeUrl).href, labels, {}, health]);
    const dropped = droppedTargets
      .filter(({ discoveredLabels }) => discoveredLabels.job === pool)
      .map(({ discoveredLabels }) => ["", {}, discoveredLabels, "dropped"]);
    assert.deepEqual(sorted(ours), sorted([...active, ...dropped]));
    assert.ok(active.length === 4 && dropped.length > 0);
  }
});

const sorted = (rows: unknown[][]): string[] =>
  rows
    .map((row) => JSON.stringify(row, (_, value: unknown) => (isRecord(value) ? Object.entries(value).sort() : value)))
    .sort();
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
