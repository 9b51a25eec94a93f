import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Listr, type ListrTask, PRESET_TIMER } from "listr2";
import { baseUrl, localUrl } from "#lib/config/address.ts";
import { type Environment, readEnvironment } from "#lib/config/environment.ts";
import { CLUSTER_STOP_MS, type Cluster, startCluster } from "#lib/db/embedded/cluster.ts";
import { lockDataDir } from "#lib/db/embedded/lock.ts";
import { isDomainError } from "#lib/errors.ts";
import { log, reasonOf } from "#lib/log.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { onStop, stopSignal } from "../workers/lifecycle.ts";
import { WORKER_KILL_MS } from "../workers/stop.ts";
import { startWorkers, type Workers } from "../workers/supervisor.ts";
import { buildPortal, generateClient } from "./steps/build.ts";
import { assertDisk, assertPortFree, assertReachable } from "./steps/checks.ts";
import { PRISMA_DIR, ROOT } from "./steps/paths.ts";
import { cookieSecret } from "./steps/secret.ts";

type Running = { unlock?: () => void; cluster?: Promise<Cluster | undefined>; workers?: Workers; setupToken?: string };

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

async function firstSample(environment: Environment): Promise<void> {
  for (let waited = 0; waited < MINUTE_MS; waited += 100) {
    const answer = await fetch(`${localUrl(environment)}/api/v1/health`).catch(() => undefined);
    if (answer?.ok || stopSignal.aborted) return;
    await sleep(100);
  }
  throw new Error("No sample was stored within a minute: the log above says why");
}

async function setupToken(url: string): Promise<string | undefined> {
  const [{ openDatabase }, setup] = await Promise.all([import("#lib/db/client.ts"), import("#lib/access/setup.ts")]);
  const db = openDatabase(url, { maxConnections: 1 });
  try {
    return (await setup.needsSetup(db)) ? await setup.issueSetupToken(db) : undefined;
  } finally {
    await db.$disconnect();
  }
}

/** What brings the portal up, in order. */
function startSteps(environment: Environment): ListrTask[] {
  const { dataDir, host, port } = environment;
  let url = environment.databaseUrl ?? "";
  return [
    {
      title: "Check port, disk and data folder",
      async task() {
        assertDisk(dataDir);
        running.unlock = lockDataDir(dataDir);
        await assertPortFree(host, port);
      },
    },
    { title: "Make the database client", task: () => generateClient().then(() => undefined) },
    {
      title: environment.databaseUrl ? "Reach PostgreSQL at DATABASE_URL" : "Start PostgreSQL",
      async task() {
        if (environment.databaseUrl) return assertReachable(environment.databaseUrl);
        const cluster = await startPostgres(dataDir);
        url = cluster.url;
        void keepRunning(dataDir, cluster);
      },
    },
    {
      title: "Migrate the database",
      async task(_context, task) {
        const { migrate } = await import("#lib/db/migrate.ts");
        const applied = await migrate(url, PRISMA_DIR);
        if (applied.length > 0) task.title = `Migrate the database: ${applied.join(", ")}`;
      },
    },
    {
      title: "Build the portal where it changed",
      task: () => buildPortal().then(() => undefined),
    },
    {
      title: "Start the web server and the worker",
      async task() {
        running.setupToken = await setupToken(url);
        running.workers = startWorkers(join(ROOT, "dist"), {
          ...process.env,
          NODE_ENV: "production",
          DATABASE_URL: url,
          DATA_DIR: dataDir,
          NEXTAUTH_SECRET: cookieSecret(dataDir),
          SIGHTLINE_ROOT: ROOT,
        });
        await running.workers.ready;
      },
    },
    { title: "Wait for the first sample", task: () => firstSample(environment) },
  ];
}

async function main(): Promise<void> {
  const environment = readEnvironment();
  const steps = new Listr(startSteps(environment), {
    rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false },
    fallbackRendererOptions: { timer: PRESET_TIMER },
    // Its own would end the process at once.
    registerSignalListeners: false,
  });
  await steps.run().catch((error: Error) => {
    // The list of steps has shown it; only what nobody expected needs its origin too.
    if (!stopSignal.aborted && !isDomainError(error)) console.error(error.stack);
    return stop(1);
  });
  if (stopSignal.aborted) return;
  const address = environment.publicUrl ?? baseUrl(environment);
  console.log(`\n  Sightline is at ${address}`);
  if (running.setupToken)
    console.log(`  Set up the administrator at ${address}/setup with the token ${running.setupToken}`);
  console.log("  Ctrl-C stops it.\n");
}

main().catch(async (error: Error) => {
  if (!stopSignal.aborted) console.error(`✖ ${isDomainError(error) ? error.message : (error.stack ?? error.message)}`);
  await stop(1);
});
