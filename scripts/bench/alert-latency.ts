import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { SMTPServer } from "smtp-server";
import { createToken } from "#lib/access/api-tokens.ts";
import { evaluateAlerts } from "#lib/alerts/evaluate.ts";
import { createRule } from "#lib/alerts/rules.ts";
import { DetectionRunner } from "#lib/anomalies/detection-runner.ts";
import { ruleSchema } from "#lib/contract/alerts.ts";
import { DEFAULT_SETTINGS } from "#lib/contract/settings.ts";
import { openDatabase } from "#lib/db/client.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { addHistory } from "../../tests/support/history.ts";
import { addPerson } from "../../tests/support/people.ts";
import { startPortal } from "../../tests/support/portal.ts";
import type { BenchResult } from "../bench.ts";
import { onCluster } from "./cluster.ts";
import { say } from "./say.ts";
import { round } from "./statistics.ts";

// From a fault to the mail that tells of it: real faults on this machine, a portal as it is started, and a real SMTP server.

const REPEATS = 3;
const LONGEST_MS = 90 * SECOND_MS;

type Fault = {
  name: string;
  rule: string;
  series: string;
  level: number;
  begin(bench: Bench): Promise<() => Promise<void>>;
};
type Bench = { dir: string; databaseUrl: string };

const FAULTS: Fault[] = [
  {
    ...{ name: "a CPU hog is started", rule: "CPU", series: "cpu.usage", level: 85 },
    async begin() {
      const hogs = [1, 2, 3].map(() => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
      return async () => {
        for (const hog of hogs) hog.kill("SIGKILL");
      };
    },
  },
  {
    ...{
      name: "a small file system is filled",
      rule: "Disk",
      series: 'disk.usage{mount=~".*sightline-bench.*"}',
      level: 80,
    },
    async begin({ dir }) {
      const file = join(dir, "mount", "filler");
      writeFileSync(file, Buffer.alloc(20 * 1024 * 1024));
      return async () => rmSync(file);
    },
  },
  {
    ...{ name: "a process is stopped", rule: "Stopped", series: 'process.state{state="stopped"}', level: 0.5 },
    async begin() {
      const sleeper = spawn("sleep", ["600"], { stdio: "ignore" });
      sleeper.kill("SIGSTOP");
      return async () => void sleeper.kill("SIGKILL");
    },
  },
  {
    ...{ name: "PostgreSQL sessions wait for a lock", rule: "Waiting", series: "postgres.connections", level: 40 },
    async begin({ databaseUrl }) {
      const holder = new pg.Client({ connectionString: databaseUrl });
      await holder.connect();
      await holder.query("BEGIN; CREATE TABLE IF NOT EXISTS bench_lock (); LOCK TABLE bench_lock");
      const waiting = Array.from({ length: 40 }, () => new pg.Client({ connectionString: databaseUrl }));
      for (const client of waiting) {
        client.on("error", () => undefined);
        await client.connect();
        client.query("SELECT * FROM bench_lock").catch(() => undefined);
      }
      return async () => {
        await holder.query("ROLLBACK");
        for (const client of [holder, ...waiting]) await client.end();
      };
    },
  },
];

/** A small file system of its own below a folder. */
function mountSmall(dir: string): () => void {
  const [image, mount] = [join(dir, "image"), join(dir, "mount")];
  writeFileSync(image, "");
  truncateSync(image, 24 * 1024 * 1024);
  execFileSync("mkfs.ext4", ["-q", image]);
  mkdirSync(mount);
  execFileSync("mount", ["-o", "loop", image, mount]);
  return () => void execFileSync("umount", ["-l", mount]);
}

async function startInbox() {
  const subjects: { at: number; text: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, _session, callback) {
      const at = performance.now();
      let text = "";
      stream.on("data", (chunk: Buffer) => {
        text += chunk;
      });
      stream.on("end", () => {
        subjects.push({ at, text });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { subjects, port: (server.server.address() as AddressInfo).port, server };
}

/** An API token of an administrator who is made for this. */
async function tokenOf(url: string): Promise<string> {
  const db = openDatabase(url, { maxConnections: 1 });
  const id = await addPerson(db, "admin");
  const { token } = await createToken(db, { id, role: "admin" }, { name: "bench", days: 1, scopes: [] });
  await db.$disconnect();
  return token;
}

/** A call of the portal's API in the name of its administrator. */
function caller(url: string, token: string) {
  return async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method: method.toUpperCase(),
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
}

async function timeFault(fault: Fault, bench: Bench, inbox: { at: number; text: string }[]): Promise<number> {
  const from = inbox.length;
  const began = performance.now();
  const end = await fault.begin(bench);
  const findMail = () =>
    inbox.slice(from).find(({ text }) => text.includes(`· ${fault.rule} ·`) || text.includes(`${fault.rule}, since`));
  while (!findMail() && performance.now() - began < LONGEST_MS) await sleep(100);
  const mail = findMail();
  await end();
  // Until it has ended and its mail has come.
  await sleep(20 * SECOND_MS);
  return mail ? (mail.at - began) / SECOND_MS : Number.NaN;
}

/** How long a jump of the CPU is no alert yet by an anomaly, in seconds of a virtual clock: the detection's minutes, the rule, and the wait for more. */
async function timeAnomaly(): Promise<number> {
  return onCluster(async ({ url }) => {
    const db = openDatabase(url, { maxConnections: 2 });
    await db.alertRule.deleteMany();
    const start = Date.UTC(2026, 0, 5);
    const jump = start + 5 * DAY_MS + 10 * HOUR_MS;
    await addHistory(url, "bench", {
      ...{ series: [["cpu.usage"]], from: start, to: jump + 2 * HOUR_MS, stepMs: 10 * SECOND_MS },
      valuesAt: (at, n) => [at >= jump ? 95 : 20 + 10 * Math.sin((at / DAY_MS) * 2 * Math.PI) + (n % 7)],
    });
    const condition = { kind: "anomaly", confidence: 0.9 };
    await createRule(db, ruleSchema.parse({ name: "Unusual", series: "cpu.usage", condition }), null);
    const runner = new DetectionRunner(db, "UTC");
    await runner.step(DEFAULT_SETTINGS, jump);
    for (let at = jump; at < jump + 2 * HOUR_MS; at += 5 * SECOND_MS) {
      if (at % MINUTE_MS === 5 * SECOND_MS) await runner.step(DEFAULT_SETTINGS, at);
      const { transitions } = await evaluateAlerts(db, at);
      if (transitions.some(({ state }) => state === "firing")) {
        await db.$disconnect();
        return (at - jump) / SECOND_MS + 5;
      }
    }
    await db.$disconnect();
    return Number.NaN;
  });
}

/** Seconds from each fault to its mail: of rules without a wait, by the newest sample of 5 s. */
export const run = (): Promise<BenchResult> =>
  onCluster(async (cluster, dir) => {
    const unmount = mountSmall(dir);
    const { subjects, port, server } = await startInbox();
    const dataDir = join(dir, "portal");
    mkdirSync(dataDir, { recursive: true });
    const portal = await startPortal(dataDir, { DATABASE_URL: cluster.url });
    try {
      const call = caller(portal.url, await tokenOf(cluster.url));
      await call("put", "/settings/mail-server", { url: `smtp://127.0.0.1:${port}` });
      await call("patch", "/settings", { mail_from: "sightline@example.org" });
      await call("post", "/alerts/channels", { name: "Mail", kind: "email", settings: { to: "oncall@example.org" } });
      for (const { rule, series, level } of FAULTS)
        await call("post", "/alerts/rules", {
          ...{ name: rule, series, aggregate: "last", window_ms: 5_000 },
          condition: { kind: "threshold", operator: ">", level },
        });
      await sleep(60 * SECOND_MS);
      const result: BenchResult = {};
      for (const fault of FAULTS) {
        const times: number[] = [];
        for (let repeat = 0; repeat < REPEATS; repeat++)
          times.push(await timeFault(fault, { dir, databaseUrl: cluster.url }, subjects));
        say(`${fault.name}: ${times.map((time) => time.toFixed(1)).join(", ")} s`);
        result[`${fault.name}, s to the mail`] = round(quantile(times, 0.5));
        result[`${fault.name}, slowest`] = round(Math.max(...times));
      }
      result["an anomaly of the CPU, s to the mail (virtual clock)"] = await timeAnomaly();
      return result;
    } finally {
      await portal.stop();
      server.close();
      unmount();
    }
  });
