import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { baseUrl, localUrl } from "#lib/config/address.ts";
import { cookieSecret } from "#lib/config/cookie-secret.ts";
import { type Environment, readEnvironment } from "#lib/config/environment.ts";
import { CLUSTER_STOP_MS, type Cluster, startCluster } from "#lib/db/embedded/cluster.ts";
import { lockDataDir } from "#lib/db/embedded/lock.ts";
import { isDomainError } from "#lib/errors.ts";
import { log, reasonOf } from "#lib/log.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { onStop, stopSignal } from "./lifecycle.ts";
import type { Migrated } from "./migrator.ts";
import { forkWorker } from "./secrets.ts";
import { WORKER_KILL_MS } from "./stop.ts";
import { startWorkers, type Workers } from "./supervisor.ts";

// The portal as it was built: owns PostgreSQL and all other workers, and does nothing else, so that it stays small.

const DIST = import.meta.dirname;

type Running = { unlock?: () => void; cluster?: Promise<Cluster | undefined>; workers?: Workers };

const running: Running = {};

const POSTGRES_MS = CLUSTER_STOP_MS + 2 * SECOND_MS;
/** More than all that it encloses may take. */
const STOP_MS = WORKER_KILL_MS + POSTGRES_MS + 3 * SECOND_MS;

async function stopWorkers(): Promise<void> {
  if (!running.workers) return;
  console.error("\n… Stopping");
  await running.workers.stop();
}

function letGo(): void {
  running.unlock?.();
  if (running.workers) console.error("✔ Stopped");
}

// In the order that loses nothing: writers first, the database last.
const stop = onStop(
  [
    { name: "workers", run: stopWorkers },
    { name: "PostgreSQL", run: async () => (await running.cluster)?.stop(), reservedMs: POSTGRES_MS },
    { name: "lock", run: letGo },
  ],
  STOP_MS,
);

/** Runs a step and says how long it took; what it answers in words stands behind its title. */
async function step(title: string, run: () => Promise<string | undefined>): Promise<void> {
  const began = performance.now();
  try {
    const detail = await run();
    const seconds = (performance.now() - began) / SECOND_MS;
    console.error(`✔ ${title}${detail ? `: ${detail}` : ""} [${seconds.toFixed(1)}s]`);
  } catch (error) {
    if (stopSignal.aborted) throw error;
    const { message, stack } = error as Error;
    console.error(`✖ ${title}: ${isDomainError(error) ? message : (stack ?? message)}`);
    throw error;
  }
}

/** Starts PostgreSQL, where a stop finds it even before it is up. */
function startPostgres(dir: string, port?: number): Promise<Cluster> {
  const starting = startCluster(dir, port);
  running.cluster = starting.catch(() => undefined);
  return starting;
}

/** A server that was killed is started again on its port, where its clients look for it. */
async function keepRunning(dir: string, cluster: Cluster): Promise<void> {
  await cluster.ended;
  while (!stopSignal.aborted) {
    log.error("PostgreSQL ended: starting it again");
    try {
      return void keepRunning(dir, await startPostgres(dir, cluster.port));
    } catch (error) {
      log.error({ reason: reasonOf(error) }, "PostgreSQL does not start");
      await sleep(5_000);
    }
  }
}

/** Migrates in a process of its own, which ends with all that it took to. */
function migrate(env: NodeJS.ProcessEnv): Promise<Migrated> {
  return new Promise((resolve, reject) => {
    const child = forkWorker(join(DIST, "migrator.js"), ["DATABASE_URL"], { env, detached: true });
    child.once("message", (message: Migrated) => resolve(message));
    child.once("exit", (code, signal) =>
      reject(new Error(`The database was not migrated (${signal ?? code}): the lines above say why`)),
    );
    stopSignal.addEventListener("abort", () => child.kill("SIGTERM"));
  });
}

/** Whether an address answers that all is well. What fetch loads would stay, for as long as the portal runs. */
const answersWell = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 10 * SECOND_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });

async function firstSample(environment: Environment): Promise<undefined> {
  for (let waited = 0; waited < MINUTE_MS; waited += 100) {
    if ((await answersWell(`${localUrl(environment)}/api/v1/health`)) || stopSignal.aborted) return;
    await sleep(100);
  }
  throw new Error("No sample was stored within a minute: the log above says why");
}

/** Brings the portal up, and answers the token of its set-up while it has no administrator. */
async function start(environment: Environment): Promise<string | undefined> {
  const { dataDir, databaseUrl } = environment;
  let url = databaseUrl ?? "";
  await step("Take the data folder", async () => {
    running.unlock = lockDataDir(dataDir);
    return undefined;
  });
  if (!databaseUrl)
    await step("Start PostgreSQL", async () => {
      const cluster = await startPostgres(dataDir);
      url = cluster.url;
      void keepRunning(dataDir, cluster);
      return undefined;
    });
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...{ NODE_ENV: "production", DATABASE_URL: url, DATA_DIR: dataDir, NEXTAUTH_SECRET: cookieSecret(dataDir) },
  };
  let token: string | undefined;
  await step("Migrate the database", async () => {
    const { applied, setupToken } = await migrate(env);
    token = setupToken;
    return applied.join(", ");
  });
  await step("Start the web server and the workers", async () => {
    running.workers = startWorkers(DIST, env);
    await running.workers.ready;
    return undefined;
  });
  await step("Wait for the first sample", () => firstSample(environment));
  return token;
}

async function main(): Promise<void> {
  const environment = readEnvironment();
  const setupToken = await start(environment);
  if (stopSignal.aborted) return;
  const address = environment.publicUrl ?? baseUrl(environment);
  console.log(`\n  Sightline is at ${address}`);
  if (setupToken) console.log(`  Set up the administrator at ${address}/setup with the token ${setupToken}`);
  console.log("  Ctrl-C stops it.\n");
}

main().catch(() => stop(1));
