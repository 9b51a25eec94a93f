import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createServer } from "node:tls";
import { freePort } from "#lib/db/embedded/port.ts";
import { quantile } from "#lib/stats/quantile.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { descendants, type Portal, processOf, startPortal } from "../../tests/support/portal.ts";
import type { BenchOptions, BenchResult } from "../bench.ts";
import { ROOT } from "../steps/paths.ts";
import { becomeAdministrator, type CallApi } from "./administrator.ts";
import type { SwarmResult } from "./agent-swarm.ts";
import { cpuSeconds, sumOfCpuSeconds } from "./process-costs.ts";
import { say } from "./say.ts";
import { round } from "./statistics.ts";

const HOSTS = 1_000;
const INTERVAL_S = 10;
const MIB = 1024;
const EXPORTER = "/usr/bin/prometheus-node-exporter";

const treeOf = (pid: number): number[] => [pid, ...descendants(pid).map((child) => child.pid)];

function privateMib(pids: number[]): number {
  const kib = pids.flatMap((pid) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
    return [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].map((match) => Number(match[1]));
  });
  return round(kib.reduce((sum, value) => sum + value, 0) / MIB);
}

/** TLS in front of the portal, as a proxy has it. */
async function openTls(portal: Portal, dir: string): Promise<{ url: string; ca: string; close(): void }> {
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", [...kind, "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
  const target = Number(new URL(portal.url).port);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (near) => {
    const far = connect(target, "127.0.0.1");
    for (const socket of [near, far]) socket.on("error", () => undefined);
    near.pipe(far).pipe(near);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { url: `https://127.0.0.1:${port}`, ca: readFileSync(cert, "utf8"), close: () => server.close() };
}

const tokenFor = async (call: CallApi, maxHosts: number): Promise<string> =>
  ((await call("POST", "/agents/enrolment-tokens", { max_hosts: maxHosts, hours: 24 })) as { token: string }).token;

/** One agent over HTTPS at 5 s beside node_exporter, which is scraped as often. */
async function besideExporter(tls: { url: string }, call: CallApi, dir: string, minutes: number) {
  const ca = join(dir, "cert.pem");
  const args = ["--url", tls.url, "--token", await tokenFor(call, 1), "--data", join(dir, "agent"), "--ca", ca];
  const agent = spawn(process.execPath, [join(ROOT, "dist", "agent.mjs"), ...args, "--machine-id", "bench-machine"], {
    stdio: "ignore",
  });
  const exporter = existsSync(EXPORTER)
    ? spawn(EXPORTER, ["--web.listen-address=127.0.0.1:19199"], { stdio: "ignore" })
    : undefined;
  const scraping = setInterval(() => {
    void fetch("http://127.0.0.1:19199/metrics")
      .then((answer) => answer.text())
      .catch(() => undefined);
  }, 5 * SECOND_MS);
  try {
    await sleep(30 * SECOND_MS);
    const cost = (child: ChildProcess) => {
      const pids = treeOf(child.pid as number);
      return { pids, cpu: sumOfCpuSeconds(pids) };
    };
    const [begun, other] = [cost(agent), exporter ? cost(exporter) : undefined];
    await sleep(minutes * 60 * SECOND_MS);
    const percent = (before: { pids: number[]; cpu: number }) =>
      round((100 * (sumOfCpuSeconds(before.pids) - before.cpu)) / (minutes * 60));
    return {
      agentPrivateMiB: privateMib(begun.pids),
      agentCpuPercent: percent(begun),
      ...(other ? { exporterPrivateMiB: privateMib(other.pids), exporterCpuPercent: percent(other) } : {}),
    };
  } finally {
    clearInterval(scraping);
    agent.kill();
    exporter?.kill();
  }
}

function startSwarm(): ChildProcess {
  return fork(join(ROOT, "scripts", "bench", "agent-swarm.ts"), {
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
}

const nextMessage = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as T));
    child.once("exit", (code) => reject(new Error(`the swarm ended with ${code}`)));
  });

/** A thousand agents at ten seconds: what the portal and its database spend, how long a push takes, and whether anything is lost. */
async function swarm(portal: Portal, tls: { url: string; ca: string }, call: CallApi, minutes: number) {
  await call("PATCH", "/settings", { rate_limit_address_per_minute: 1_000_000, collection_interval: INTERVAL_S });
  const child = startSwarm();
  const token = await tokenFor(call, HOSTS);
  const seconds = minutes * 60;
  child.send({ url: tls.url, token, hosts: HOSTS, intervalMs: INTERVAL_S * SECOND_MS, seconds, ca: tls.ca });
  await nextMessage(child);
  say(`${HOSTS} agents enrolled`);
  const [web, postgres] = [processOf(portal.pid, "web"), processOf(portal.pid, "postgres")];
  const spent = () =>
    [cpuSeconds(web), sumOfCpuSeconds(treeOf(postgres)), sumOfCpuSeconds(treeOf(portal.pid))] as const;
  const before = spent();
  const begun = performance.now();
  const { result } = await nextMessage<{ result: SwarmResult }>(child);
  const after = spent();
  if (result.failed > 0) say(JSON.stringify(result.reasons));
  const wall = (performance.now() - begun) / 1000;
  const percent = (n: 0 | 1 | 2) => round((100 * (after[n] - before[n])) / wall);
  const hosts = (await call("GET", "/hosts")) as { name: string; last_sample_at: string | null }[];
  const listed = performance.now();
  await call("GET", "/hosts");
  return {
    agents: HOSTS,
    pushesAnswered: result.frames,
    pushesFailed: result.failed,
    pushMsP50: round(quantile(result.tookMs, 0.5)),
    pushMsP99: round(quantile(result.tookMs, 0.99)),
    lagMsP99: round(quantile(result.lateMs, 0.99)),
    webCpuPercent: percent(0),
    postgresCpuPercent: percent(1),
    portalCpuPercent: percent(2),
    hostsWithSamples: hosts.filter(({ name, last_sample_at }) => name.startsWith("swarm-") && last_sample_at).length,
    hostsListMs: round(performance.now() - listed),
  };
}

/** What an agent costs beside node_exporter, and what a thousand of them cost the portal, over HTTPS; CPU in percent of one core. */
export async function run({ minutes }: BenchOptions): Promise<BenchResult> {
  const dir = mkdtempSync(join(tmpdir(), "sightline-bench-"));
  const portal = await startPortal(join(dir, "portal"));
  const tls = await openTls(portal, dir);
  try {
    const { call } = await becomeAdministrator(portal);
    const own = await besideExporter(tls, call, dir, minutes);
    say("the agent is measured");
    return { minutes, ...own, ...(await swarm(portal, tls, call, minutes)) };
  } finally {
    tls.close();
    await portal.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
