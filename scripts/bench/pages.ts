import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright";
import { openDatabase } from "#lib/db/client.ts";
import { runningClusterUrl } from "#lib/db/embedded/cluster.ts";
import { CATALOGUE, isCumulative, type MetricName } from "#lib/metrics/catalogue.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { PAGES } from "../../tests/e2e/pages.ts";
import { fillHistory } from "../../tests/support/history.ts";
import { addIncident } from "../../tests/support/incidents.ts";
import type { Portal } from "../../tests/support/portal.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { becomeAdministrator, type CallApi, cookiesFor } from "./administrator.ts";
import { inBrowser } from "./browser.ts";
import { type Cookies, type PageVisit, visitPage } from "./page-visit.ts";
import { say } from "./say.ts";

const VISITS = 3;
const STEP_MS = 10_000;
const PAST_MS = 4 * HOUR_MS;
/** So long a new portal starts, learns its machine and makes its first answers. */
const WARM_UP_MS = 20_000;

type Listed = { metric: string; labels: Record<string, string>; unit: string };

/** Stands for the page of an incident, which has its number only once it is there. */
const INCIDENT = "/anomalies/incident";

/** An incident of the portal's own machine, an hour ago; answers its page. */
async function addIncidentPage(portal: Portal, call: CallApi): Promise<string> {
  const series = (await call("GET", "/series?host=1")) as (Listed & { id: number })[];
  const wanted = ["cpu.usage", "load.5m", "memory.usage", "swap.used"];
  const members = series
    .filter(({ metric }) => wanted.includes(metric))
    .map(({ id, metric }) => ({ series: metric, seriesId: id }));
  const db = openDatabase((await runningClusterUrl(portal.dataDir)) ?? "", { maxConnections: 1 });
  try {
    return `/anomalies/incidents/${await addIncident(db, 1, Date.now() - HOUR_MS, members)}?host=1`;
  } finally {
    await db.$disconnect();
  }
}

/** Gives the portal's own machine some hours of a past, of all that its host source measures. */
async function addPast(portal: Portal, call: CallApi): Promise<void> {
  const all = (await call("GET", "/series?host=1")) as Listed[];
  const catalogued = all.filter(
    ({ metric }) => metric in CATALOGUE && !/^(?:postgres|sightline|container|unit|check)\./.test(metric),
  );
  const rises = catalogued.map(({ metric }) => isCumulative(CATALOGUE[metric as MetricName].kind));
  const to = Math.floor((Date.now() - MINUTE_MS) / STEP_MS) * STEP_MS;
  await fillHistory((await runningClusterUrl(portal.dataDir)) ?? "", 1, {
    series: catalogued.map(({ metric, labels }) => [metric, labels]),
    from: to - PAST_MS,
    to,
    stepMs: STEP_MS,
    valuesAt: (at, n) =>
      rises.map((rising, k) => (rising ? n * 1_000 * (k + 1) : 40 + 20 * Math.sin(at / 400_000 + k))),
  });
}

type Row = { page: string } & PageVisit;

const median = (visits: PageVisit[], figure: keyof PageVisit): number =>
  Math.round(
    quantile(
      visits.map((visit) => visit[figure]),
      0.5,
    ),
  );

async function measure(browser: Browser, cookies: Cookies, url: string): Promise<PageVisit> {
  // The first visit is the server's first too: its modules are loaded, its statements planned.
  await visitPage(browser, cookies, url);
  const visits: PageVisit[] = [];
  for (let n = 0; n < VISITS; n++) visits.push(await visitPage(browser, cookies, url));
  return {
    firstPaintMs: median(visits, "firstPaintMs"),
    drawnMs: median(visits, "drawnMs"),
    scriptKb: median(visits, "scriptKb"),
    blockingMs: median(visits, "blockingMs"),
    requests: median(visits, "requests"),
  };
}

/** The pages to measure: those named in SIGHTLINE_PAGES, between spaces, or all. */
const wanted = (): string[] => process.env.SIGHTLINE_PAGES?.split(" ") ?? [...PAGES, INCIDENT];

/** Every page in a browser that comes for the first time: medians of three visits each, and the worst of all. */
export async function run(_options: BenchOptions): Promise<BenchResult> {
  return inBrowser(async (portal, browser) => {
    const { call, cookies } = await becomeAdministrator(portal);
    await sleep(WARM_UP_MS);
    await addPast(portal, call);
    const incident = await addIncidentPage(portal, call);
    const rows: Row[] = [];
    for (const page of wanted()) {
      const visit = await measure(
        browser,
        cookiesFor(portal.url, cookies),
        portal.url + (page === INCIDENT ? incident : page),
      );
      rows.push({ page, ...visit });
      say(`${page} ${JSON.stringify(visit)}`);
    }
    console.error(table(rows));
    const worst = (figure: keyof PageVisit) => Math.max(...rows.map((row) => row[figure]));
    return {
      pages: rows.length,
      worstFirstPaintMs: worst("firstPaintMs"),
      worstDrawnMs: worst("drawnMs"),
      worstScriptKb: worst("scriptKb"),
      worstBlockingMs: worst("blockingMs"),
      worstRequests: worst("requests"),
    };
  });
}

/** As docs/performance.md has it. */
function table(rows: Row[]): string {
  const lines = rows.map(
    ({ page, firstPaintMs, drawnMs, scriptKb, blockingMs, requests }) =>
      `| ${page} | ${firstPaintMs} | ${drawnMs} | ${scriptKb} | ${blockingMs} | ${requests} |`,
  );
  return [
    "| page | first paint, ms | drawn, ms | script, kB | blocking, ms | requests |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...lines,
  ].join("\n");
}
