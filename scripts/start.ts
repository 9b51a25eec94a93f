import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Listr, type ListrTask, PRESET_TIMER } from "listr2";
import { baseUrl, localUrl } from "#lib/config/address.ts";
import { type Environment, readEnvironment } from "#lib/config/environment.ts";
import { type Cluster, startCluster } from "#lib/db/embedded/cluster.ts";
import { lockDataDir } from "#lib/db/embedded/lock.ts";
import { isDomainError } from "#lib/errors.ts";
import { log } from "#lib/log.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { startWorkers, type Workers } from "../workers/supervisor.ts";
import { buildPortal, generateClient } from "./steps/build.ts";
import { assertDisk, assertPortFree, assertReachable } from "./steps/checks.ts";
import { PRISMA_DIR, ROOT } from "./steps/paths.ts";
import { cookieSecret } from "./steps/secret.ts";

type Running = { unlock?: () => void; cluster?: Cluster; workers?: Workers; setupToken?: string };

const running: Running = {};
let stopping = false;

/** Takes down what is up, in the order that loses nothing: writers first, the database last. */
async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (running.workers) console.error("\n… Stopping");
  await running.workers?.stop();
  await running.cluster?.stop();
  running.unlock?.();
  if (running.workers) console.error("✔ Stopped");
  process.exit(code);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
process.on("disconnect", () => void stop(1));

/** A server that was killed is started again on its port, where its clients look for it. */
async function keepRunning(dir: string, cluster: Cluster): Promise<void> {
  running.cluster = cluster;
  await cluster.ended;
  while (!stopping) {
    log.error("PostgreSQL ended: starting it again");
    try {
      return void keepRunning(dir, await startCluster(dir, cluster.port));
    } catch (error) {
      log.error({ reason: (error as Error).message }, "PostgreSQL does not start");
      await sleep(5_000);
    }
  }
}

async function firstSample(environment: Environment): Promise<void> {
  for (let waited = 0; waited < MINUTE_MS; waited += 100) {
    const answer = await fetch(`${localUrl(environment)}/api/v1/health`).catch(() => undefined);
    if (answer?.ok || stopping) return;
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
        const cluster = await startCluster(dataDir);
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
  });
  await steps.run().catch((error: Error) => {
    // The list of steps has shown it; only what nobody expected needs its origin too.
    if (!stopping && !isDomainError(error)) console.error(error.stack);
    return stop(1);
  });
  if (stopping) return;
  const address = environment.publicUrl ?? baseUrl(environment);
  console.log(`\n  Sightline is at ${address}`);
  if (running.setupToken)
    console.log(`  Set up the administrator at ${address}/setup with the token ${running.setupToken}`);
  console.log("  Ctrl-C stops it.\n");
}

main().catch(async (error: Error) => {
  if (!stopping) console.error(`✖ ${isDomainError(error) ? error.message : (error.stack ?? error.message)}`);
  await stop(1);
});
