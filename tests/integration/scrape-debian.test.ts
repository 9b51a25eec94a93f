import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "#lib/db/client.ts";
import { seriesName } from "#lib/metrics/frame.ts";
import { ScrapeManager } from "#lib/scrape/run/scrape-manager.ts";
import { listTargets } from "#lib/scrape/scrape-inputs.ts";
import { freshDatabase } from "../support/database.ts";
import { DebianPrometheus, missingDebianPrometheus } from "../support/debian-prometheus.ts";
import { allSamples } from "../support/inputs.ts";
import { addScrapeInput, DebianExporter, missingExporters, TestTarget } from "../support/scrape.ts";

const skip = (await missingDebianPrometheus()) ?? (await missingExporters());
process.env.NEXTAUTH_SECRET ??= "a secret of the tests, long enough for all";

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

/** Waits until Prometheus, which looks for targets each five seconds, has scraped some. */
async function scrapes(prometheus: DebianPrometheus): Promise<void> {
  for (let n = 0; n < 100; n++) {
    const { data } = await prometheus.ask("query", { query: "up" });
    if (((data?.result ?? []) as unknown[]).length > 0) return;
    await sleep(100);
  }
}

type Result = { metric: Record<string, string>; values: [number, string][] };

const nameOf = ({ __name__: metric = "", ...labels }: Record<string, string>) => seriesName(metric, labels);

/** The values of each series that Prometheus holds of a job. */
async function heldBy(prometheus: DebianPrometheus, job: string): Promise<Record<string, number[]>> {
  const { data } = await prometheus.ask("query", { query: `{job="${job}"}[1h]` });
  return Object.fromEntries(
    ((data?.result ?? []) as Result[]).map(({ metric, values }) => [
      nameOf(metric),
      values.map(([, text]) => Number(text)),
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

test("Debian's node, PostgreSQL and nginx exporters: the same series as Debian's Prometheus holds of them, and the same values of those that stand still", {
  skip,
}, async () => {
  const { db, url } = await freshDatabase();
  const dir = mkdtempSync(join(tmpdir(), "sightline-scrape-"));
  const nginx = await startNginx(dir);
  const dataSource = new URL(url);
  dataSource.searchParams.set("sslmode", "disable");
  const exporters = await Promise.all([
    DebianExporter.start("prometheus-node-exporter", (address) => [`--web.listen-address=${address}`]),
    DebianExporter.start("prometheus-postgres-exporter", (address) => [`--web.listen-address=${address}`], {
      DATA_SOURCE_NAME: dataSource.href,
    }),
    DebianExporter.start("prometheus-nginx-exporter", (address) => [
      ...[`-web.listen-address=${address}`, "-nginx.scrape-uri", `http://${nginx.address}/`],
    ]),
  ]);
  const jobs = ["node", "postgres", "nginx"].map((job_name, n) => ({
    ...{ job_name, ...SPEED },
    static_configs: [{ targets: [exporters[n]?.address ?? ""], labels: { env: "test" } }],
  }));
  const prometheus = await DebianPrometheus.start(() => JSON.stringify({ scrape_configs: jobs }));
  const manager = new ScrapeManager(db);
  try {
    const ids = await Promise.all(jobs.map((job) => addScrapeInput(db, job.job_name, job)));
    await scrapes(prometheus);
    await manager.follow();
    await sleep(3_000);
    await manager.follow();
    for (const [n, { job_name: job }] of jobs.entries()) {
      const [theirs, ours] = [await heldBy(prometheus, job), await stored(db, ids[n] as number)];
      assert.ok(Object.keys(theirs).length > 8, `${job}: ${Object.keys(theirs).length} series`);
      assert.deepEqual(Object.keys(ours).sort(), Object.keys(theirs).sort(), job);
      const still = Object.keys(theirs).filter(
        (name) => isConstant(theirs[name] ?? []) && isConstant(ours[name] ?? []),
      );
      // What changes between two scrapes differs: of a large exporter that is the smaller part.
      const differ = still.filter((name) => !Object.is(theirs[name]?.[0], ours[name]?.[0]));
      assert.ok(differ.length < still.length / 20, `${job}: ${differ.slice(0, 20).join(" ")}`);
      assert.deepEqual(ours[`up{env="test",instance="${exporters[n]?.address}",job="${job}"}`]?.at(-1), 1);
      const { targets, problem } = await listTargets(db, ids[n] as number);
      // The first scrape of a large exporter may just be stored.
      assert.deepEqual(
        [targets.map(({ health, error }) => [health === "unknown" ? "up" : health, error]), problem],
        [[["up", null]], null],
      );
    }
  } finally {
    await manager.close();
    prometheus.remove();
    for (const exporter of [...exporters, nginx]) exporter.stop();
    rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
});

const META = "__meta_filepath";
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
  { source_labels: ["env"], regex: "prod|test", action: "keep" },
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
old 7 1
`;

test("relabelling of targets and samples comes out as Debian's Prometheus does it, and so do labels that are there already", {
  skip,
}, async () => {
  const { db } = await freshDatabase();
  const open = await TestTarget.open(
    (_, response) => void response.setHeader("content-type", "text/plain").end(EXPOSED),
  );
  const groups = [
    { targets: [open.address], labels: { env: "test", app_name: "shop", app_tier: "web", shard: "3" } },
    { targets: ["127.0.0.1:2"], labels: { env: "dev" } },
    { targets: ["127.0.0.1:3"], labels: { env: "other" } },
    { targets: ["127.0.0.1:4"], labels: { env: "prod", path: "/custom", instance: "own", job: "mine" } },
    { targets: ["localhost"], labels: { env: "prod", shard: "9" } },
  ];
  const job = {
    ...{ job_name: "relabel", ...SPEED, params: { module: ["tcp", "udp"], target: ["a b"] } },
    ...{ static_configs: groups, relabel_configs: RELABEL, metric_relabel_configs: METRIC_RELABEL },
  };
  const honest = { ...job, job_name: "honors", honor_labels: true };
  const prometheus = await DebianPrometheus.start(() => JSON.stringify({ scrape_configs: [job, honest] }));
  const manager = new ScrapeManager(db);
  try {
    const ids = [await addScrapeInput(db, "relabel", job), await addScrapeInput(db, "honors", honest)];
    await scrapes(prometheus);
    await manager.follow();
    await sleep(2_500);
    await manager.follow();
    const answer = await fetch(`${prometheus.url}/api/v1/targets`);
    const { data } = (await answer.json()) as { data: { activeTargets: Theirs[]; droppedTargets: Theirs[] } };
    for (const [n, pool] of ["relabel", "honors"].entries()) {
      const { targets } = await listTargets(db, ids[n] as number);
      // Those that are discovered are compared where rules drop them: of others this Prometheus answers them half changed.
      const ours = targets.map(({ url, labels, discoveredLabels, health }) => [
        ...[url, labels, health === "dropped" ? discoveredLabels : {}, health],
      ]);
      const active = data.activeTargets
        .filter(({ scrapePool }) => scrapePool === pool)
        .map(({ scrapeUrl, labels, health }) => [new URL(scrapeUrl).href, labels, {}, health]);
      const dropped = data.droppedTargets
        .filter(({ discoveredLabels }) => discoveredLabels.job === pool)
        .map(({ discoveredLabels }) => ["", {}, discoveredLabels, "dropped"]);
      assert.deepEqual(sorted(ours), sorted([...active, ...dropped]));
      assert.ok(active.length === 3 && dropped.length > 0);
      const address = open.address.replace(":", "-");
      const held = (all: Record<string, number[]>) =>
        Object.fromEntries(
          Object.entries(all)
            .filter(([name]) => name.includes(address) && !name.startsWith("scrape_duration"))
            .map(([name, values]) => [name, values[0]])
            .sort(),
        );
      // Series of both jobs, whatever their label job came to.
      const { data: everything } = await prometheus.ask("query", { query: `{where!=""}[1h]` });
      const theirs = Object.fromEntries(
        ((everything?.result ?? []) as Result[]).map(({ metric, values }) => [
          nameOf(metric),
          values.map(([, text]) => Number(text)),
        ]),
      );
      const own = held(await stored(db, ids[n] as number));
      const isOfPool = ([name]: [string, unknown]) => name in own;
      assert.deepEqual(own, Object.fromEntries(Object.entries(held(theirs)).filter(isOfPool)));
      assert.ok(Object.keys(own).length >= 10, Object.keys(own).join("\n"));
    }
    const { data: all } = await prometheus.ask("query", { query: `{where!="",t_te="yes"}[1h]` });
    const total = new Set(((all?.result ?? []) as Result[]).map(({ metric }) => nameOf(metric)));
    const both = [
      ...Object.keys(await stored(db, ids[0] as number)),
      ...Object.keys(await stored(db, ids[1] as number)),
    ];
    assert.deepEqual([...total].sort(), [...new Set(both.filter((name) => name.includes('t_te="yes"')))].sort());
    assert.ok(!both.some((name) => name.includes(META)));
  } finally {
    await manager.close();
    prometheus.remove();
    await open.close();
  }
});

type Theirs = {
  scrapePool: string;
  scrapeUrl: string;
  labels: Record<string, string>;
  discoveredLabels: Record<string, string>;
  health: string;
};

const sorted = (rows: unknown[][]): string[] =>
  rows
    .map((row) => JSON.stringify(row, (_, value: unknown) => (isRecord(value) ? Object.entries(value).sort() : value)))
    .sort();
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
