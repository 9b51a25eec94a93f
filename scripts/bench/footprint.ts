import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { runningClusterUrl } from "#lib/db/embedded/cluster.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { type Portal, startPortal } from "../../tests/support/portal.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { buildPortal } from "../steps/build.ts";
import { ensureChromium } from "../steps/chromium.ts";
import { ROOT } from "../steps/paths.ts";
import { becomeAdministrator, cookiesFor, type SignedIn } from "./administrator.ts";
import { launchChromium } from "./browser.ts";
import { costsOfTree } from "./process-costs.ts";
import { startRestingPeers } from "./resting-peers.ts";
import { say } from "./say.ts";
import { round } from "./statistics.ts";

/** What starting takes is no part of being at rest. */
const SETTLE_MS = 2 * MINUTE_MS;
const VIEWS = 60;
const VIEWED = [
  "/overview",
  "/hosts",
  "/hosts/1",
  "/alerts",
  "/anomalies",
  "/databases/1",
  "/insights",
  "/experiments",
];
const MB = 1_000_000;

type Written = { series: number; walBytes: number };

/** How many series the portal's database has, and how much was written to its log so far. */
async function readWritten(portal: Portal): Promise<Written> {
  const client = new pg.Client({ connectionString: await runningClusterUrl(portal.dataDir) });
  await client.connect();
  const { rows } = await client.query<Written>(
    `SELECT (SELECT count(*)::int FROM series) AS series, wal_bytes::float8 AS "walBytes" FROM pg_stat_wal`,
  );
  await client.end();
  return rows[0] as Written;
}

/** Opens pages one after the other in a browser, each until it asks for nothing more. */
async function viewPages(url: string, { cookies }: SignedIn): Promise<void> {
  const browser = await launchChromium();
  try {
    const context = await browser.newContext();
    await context.addCookies(cookiesFor(url, cookies));
    const page = await context.newPage();
    for (let n = 0; n < VIEWS; n++) await page.goto(url + VIEWED[n % VIEWED.length], { waitUntil: "networkidle" });
  } finally {
    await browser.close();
  }
}

type Costs = { mib: number; cpuS: number };

const sumOf = (pids: number[]): Costs =>
  pids.map(costsOfTree).reduce((a, b) => ({ mib: a.mib + b.mib, cpuS: a.cpuS + b.cpuS }), { mib: 0, cpuS: 0 });

/** What programs hold at the end of some minutes, and how many CPU seconds a minute they used. */
async function restingCosts(pids: Record<string, number[]>, minutes: number): Promise<Record<string, Costs>> {
  const before = Object.entries(pids).map(([name, ids]) => ({ name, ids, cpuS: sumOf(ids).cpuS }));
  for (let minute = 1; minute <= minutes; minute++) {
    await sleep(MINUTE_MS);
    say(`${minute} of ${minutes} min: ${round(sumOf(pids.Sightline ?? []).mib)} MiB`);
  }
  return Object.fromEntries(
    before.map(({ name, ids, cpuS }) => {
      const { mib, cpuS: total } = sumOf(ids);
      return [name, { mib, cpuS: (total - cpuS) / minutes }];
    }),
  );
}

/** Starts what is compared, waits until it rests, and measures: at rest, and the portal again after page views. */
async function measure(portal: Portal, dir: string, { minutes, intervalS }: BenchOptions): Promise<BenchResult> {
  const administrator = await becomeAdministrator(portal);
  await administrator.call("PATCH", "/settings", { collection_interval: intervalS });
  const peers = await startRestingPeers(dir, intervalS);
  try {
    await sleep(SETTLE_MS);
    const others = Object.entries(peers.processes).map(([name, children]) => [
      name,
      children.map(({ pid }) => pid ?? 0),
    ]);
    const before = await readWritten(portal);
    const costs = await restingCosts({ Sightline: [portal.pid], ...Object.fromEntries(others) }, minutes);
    const after = await readWritten(portal);
    await viewPages(portal.url, administrator);
    await sleep(10 * SECOND_MS);
    return {
      ...Object.fromEntries(
        Object.entries(costs).flatMap(([name, { mib, cpuS }]) => [
          [`${name}, MiB`, round(mib)],
          [`${name}, CPU s/min`, round(cpuS)],
        ]),
      ),
      "series of Sightline": after.series,
      "WAL, MB/min": round((after.walBytes - before.walBytes) / MB / minutes),
      [`Sightline after ${VIEWS} page views, MiB`]: round(sumOf([portal.pid]).mib),
    };
  } finally {
    peers.stop();
  }
}

/**
 * What the portal takes while nobody looks, beside Debian's netdata, Prometheus and VictoriaMetrics over the same minutes, and what it takes after page
 * views: proportional memory, CPU seconds a minute, and what is written to PostgreSQL's log.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  await buildPortal();
  await ensureChromium();
  const dir = mkdtempSync(join(tmpdir(), "sightline-bench-"));
  // As a person starts it: what npm itself takes counts.
  const portal = await startPortal(join(dir, "data"), {}, ROOT, ["npm"]);
  try {
    return await measure(portal, dir, options);
  } finally {
    await portal.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
