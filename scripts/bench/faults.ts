import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { descendants, type Portal, processOf, startPortal } from "../../tests/support/portal.ts";
import { Relay } from "../../tests/support/relay.ts";
import type { BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { say } from "./say.ts";

// What each fault costs: samples of a host at 1 s that are not there afterwards, or there twice; how long health said that something is the
// matter, and in which words.

const INTERVAL_MS = 1_000;
const FAULT_S = 20;
const SETTLE_MS = 60_000;

type Bench = { db: pg.Client; relay: Relay; url: string; dataDir: string; portal: Portal };
type Fault = { name: string; run(bench: Bench): Promise<void> };

const kill = (part: "web" | "recorder" | "collector"): Fault => ({
  name: `${part} killed`,
  run: async ({ portal }) => void process.kill(processOf(portal.pid, part), "SIGKILL"),
});

const start = ({ url, dataDir }: Pick<Bench, "url" | "dataDir">, port?: string) =>
  startPortal(dataDir, { DATABASE_URL: url, ...(port ? { PORT: port } : {}) });

async function killPortal({ portal }: Bench): Promise<void> {
  for (const { pid } of [...descendants(portal.pid), { pid: portal.pid }])
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended with the one before.
    }
  await sleep(500);
}

const FILLER = "filler";

/** Leaves no room on the disk of a folder, which is a small one of its own. */
function fill(dir: string): void {
  for (const bytes of [65_536, 4_096, 512, 1])
    try {
      for (;;) appendFileSync(join(dir, FILLER), Buffer.alloc(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
}

const portOf = ({ portal }: Bench) => new URL(portal.url).port;

const FAULTS: Fault[] = [
  { name: "none", run: () => sleep(FAULT_S * 1_000) },
  kill("web"),
  kill("recorder"),
  kill("collector"),
  {
    name: "all killed, started again at once",
    async run(bench) {
      await killPortal(bench);
      bench.portal = await start(bench, portOf(bench));
    },
  },
  {
    name: `database away for ${FAULT_S} s`,
    async run({ relay }) {
      relay.cut();
      await sleep(FAULT_S * 1_000);
      relay.mend();
    },
  },
  {
    name: `database silent (half-open) for ${FAULT_S} s`,
    async run({ relay }) {
      relay.silence();
      await sleep(FAULT_S * 1_000);
      relay.mend();
    },
  },
  {
    name: "database away, the recorder killed meanwhile",
    async run({ relay, portal }) {
      relay.cut();
      await sleep(5_000);
      process.kill(processOf(portal.pid, "recorder"), "SIGKILL");
      await sleep((FAULT_S - 5) * 1_000);
      relay.mend();
    },
  },
  {
    name: "database away, the disk of the spool full",
    async run({ relay, dataDir }) {
      relay.cut();
      fill(join(dataDir, "spool"));
      await sleep(FAULT_S * 1_000);
      relay.mend();
      await sleep(5_000);
      rmSync(join(dataDir, "spool", FILLER));
    },
  },
  {
    name: "second portal on the database, the first killed",
    async run(bench) {
      const dataDir = mkdtempSync(join(tmpdir(), "sightline-faults-"));
      const second = await start({ url: bench.url, dataDir });
      await sleep(5_000);
      await killPortal(bench);
      await sleep(10_000);
      await second.stop();
      rmSync(dataDir, { recursive: true, force: true });
      bench.portal = await start(bench, portOf(bench));
    },
  },
];

/** Asks for health all the time; answers what it said, and for how many seconds it was not 200. */
function watchHealth(url: string) {
  const said = new Set<string>();
  let [awayMs, last, over] = [0, performance.now(), false];
  const watch = (async () => {
    while (!over) {
      const answer = await fetch(`${url}/api/v1/health`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
      const now = performance.now();
      if (answer?.status !== 200) awayMs += now - last;
      last = now;
      const { reason, warnings = [] } = ((await answer?.json().catch(() => ({}))) ?? {}) as {
        reason?: string;
        warnings?: string[];
      };
      for (const text of [answer ? reason : "no answer", ...warnings]) if (text) said.add(text.replace(/\d+/g, "N"));
      await sleep(250);
    }
  })();
  return async () => {
    over = true;
    await watch;
    return { away: Math.round(awayMs / 100) / 10, said: [...said].join(" | ") };
  };
}

async function instants(db: pg.Client, from: number, to: number): Promise<number[]> {
  const { rows } = await db.query<{ ms: number }>(
    `SELECT (extract(epoch FROM f.at) * 1000)::float8 AS ms FROM frame f JOIN source s ON s.host_id = f.host_id AND s.id = f.source_id
     WHERE s.kind = 'host' AND f.at >= $1 AND f.at < $2 ORDER BY 1`,
    [new Date(from), new Date(to)],
  );
  return rows.map(({ ms }) => ms);
}

async function measure(bench: Bench, { name, run: fail }: Fault): Promise<string> {
  const from = Math.ceil(Date.now() / INTERVAL_MS) * INTERVAL_MS;
  await sleep(3_000);
  const health = watchHealth(bench.portal.url);
  await fail(bench);
  await sleep(5_000);
  const to = Math.floor(Date.now() / INTERVAL_MS) * INTERVAL_MS;
  const wanted = (to - from) / INTERVAL_MS;
  let stored: number[] = [];
  for (const until = Date.now() + SETTLE_MS; Date.now() < until; await sleep(1_000)) {
    stored = await instants(bench.db, from, to);
    if (new Set(stored).size >= wanted) break;
  }
  const { away, said } = await health();
  const [lost, doubled] = [wanted - new Set(stored).size, stored.length - new Set(stored).size];
  const line = `${lost} of ${wanted} lost, ${doubled} doubled, away ${away} s${said ? `: ${said}` : ""}`;
  say(`${name}: ${line}`);
  return line;
}

/** Each fault once, on a portal of its own whose database can be cut off. */
export const run = (): Promise<BenchResult> =>
  onCluster(async (cluster, dir) => {
    const relay = await Relay.open(cluster.url);
    const { url } = relay;
    const dataDir = join(dir, "portal");
    mkdirSync(join(dataDir, "spool"), { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", join(dataDir, "spool")]);
    const db = new pg.Client({ connectionString: cluster.url });
    await db.connect();
    await db.query(
      `INSERT INTO setting (key, value, updated_at) VALUES ('collection_interval', '1', now()) ON CONFLICT DO NOTHING`,
    );
    const bench: Bench = { db, relay, url, dataDir, portal: await start({ url, dataDir }) };
    await sleep(10_000);
    const result: BenchResult = {};
    try {
      for (const fault of FAULTS) result[fault.name] = await measure(bench, fault);
    } finally {
      await bench.portal.stop();
      await db.end();
      relay.close();
      execFileSync("umount", ["-l", join(dataDir, "spool")]);
    }
    return result;
  });
