import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { findBinaries, type PostgresBinaries } from "#lib/db/embedded/binaries.ts";
import { asOwner, databaseOwner, type Owner } from "#lib/db/embedded/owner.ts";
import { freePort } from "#lib/db/embedded/port.ts";
import { isRunning, processesIn } from "#lib/db/embedded/process.ts";
import { DomainError } from "#lib/errors.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

const run = promisify(execFile);
const DATABASE = "sightline";

/** A PostgreSQL server in a folder of ours. */
export type Cluster = {
  url: string;
  port: number;
  pid: number;
  /** Resolves once the server has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

type Paths = { data: string; log: string; password: string; address: string };

const pathsIn = (dir: string): Paths => ({
  data: join(dir, "postgres"),
  log: join(dir, "postgres.log"),
  password: join(dir, "postgres-password"),
  address: join(dir, "postgres-address"),
});

const FLAGS: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "60",
  shared_buffers: "96MB",
  max_wal_size: "512MB",
  // After each checkpoint the first change of a page is logged with the whole page.
  checkpoint_timeout: "30min",
  wal_compression: "on",
  jit: "off",
  // Reading in the background takes three processes more, and chunks are found by their keys.
  io_method: "sync",
  max_logical_replication_workers: "0",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
  shared_preload_libraries: "pg_stat_statements",
  track_io_timing: "on",
};

async function secret(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    const value = randomBytes(24).toString("base64url");
    await writeFile(path, `${value}\n`, { mode: 0o600 });
    return value;
  }
}

const connectionUrl = (password: string, port: number, database = DATABASE) =>
  `postgresql://sightline:${password}@127.0.0.1:${port}/${database}`;

async function initialise(binaries: PostgresBinaries, paths: Paths, owner: Owner | undefined): Promise<void> {
  // A kill in the middle of initdb leaves a folder without its last file: begin again.
  await rm(paths.data, { recursive: true, force: true });
  await mkdir(paths.data, { recursive: true, mode: 0o700 });
  const passwordCopy = `${paths.password}.initdb`;
  await writeFile(passwordCopy, await secret(paths.password), { mode: 0o600 });
  if (owner) {
    await chown(paths.data, owner.uid, owner.gid);
    await chown(passwordCopy, owner.uid, owner.gid);
  }
  const args = [
    "-D",
    paths.data,
    "-U",
    "sightline",
    "--auth=scram-sha-256",
    `--pwfile=${passwordCopy}`,
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-instructions",
  ];
  try {
    const [command, line] = asOwner(owner, [paths.data, binaries.initdb], binaries.initdb, args);
    await run(command, line);
  } finally {
    await rm(passwordCopy, { force: true });
  }
  await writeFile(join(paths.data, ".initialised"), "");
}

/** The pid that the server of a folder wrote down, if that process is such a server and runs. */
async function serverIn(paths: Paths): Promise<number | undefined> {
  const text = await readFile(join(paths.data, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(text.split("\n")[0]);
  if (!pid || !isRunning(pid)) return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return command.includes(paths.data) ? pid : undefined;
}

/**
 * Ends what a killed portal left: its server, or the backends of a server that was killed too. PostgreSQL takes the note
 * of a dead server for that of a living one while its number is in use, be it by a zombie: the note goes as well.
 */
async function clearRemains(paths: Paths): Promise<void> {
  const left = await serverIn(paths);
  if (left) await end(left);
  for (let waited = 0; processesIn(paths.data).length > 0; waited += 50) {
    if (waited === 10_000) for (const pid of processesIn(paths.data)) process.kill(pid, "SIGKILL");
    await sleep(50);
  }
  await rm(join(paths.data, "postmaster.pid"), { force: true });
}

/** How long the server may take to shut down, ms; then it is killed, and recovers at its next start. */
export const CLUSTER_STOP_MS = 20_000;

/** Fast shutdown: sessions are ended, everything is written. */
async function end(pid: number): Promise<void> {
  if (isRunning(pid)) process.kill(pid, "SIGINT");
  for (let waited = 0; isRunning(pid); waited += 50) {
    if (waited === CLUSTER_STOP_MS) process.kill(pid, "SIGKILL");
    await sleep(50);
  }
}

async function ready(url: string, child: ChildProcess, log: string): Promise<void> {
  for (let waited = 0; waited < MINUTE_MS; waited += 50) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    // A client whose server goes away while it connects must not end the process.
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await client.end().catch(() => undefined);
      await sleep(50);
    }
  }
  const tail = (await readFile(log, "utf8").catch(() => "")).trim().split("\n").slice(-1)[0] ?? "";
  throw new DomainError("unavailable", `The embedded PostgreSQL did not start: ${tail} (all of it: ${log})`);
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/**
 * Starts the server of a data folder, making it at the first start and recovering it after a crash.
 * The caller holds the folder's lock, so a server that runs in it already is left from a killed portal. A port is
 * named to start a server again where its clients look for it.
 */
export async function startCluster(dir: string, port?: number): Promise<Cluster> {
  const paths = pathsIn(dir);
  const [binaries, owner] = [await findBinaries(), await databaseOwner()];
  await Promise.all([binaries.initdb, binaries.postgres].map((path) => chmod(path, 0o755).catch(() => undefined)));
  if (!existsSync(join(paths.data, ".initialised"))) await initialise(binaries, paths, owner);
  await clearRemains(paths);

  port ??= await freePort();
  const password = await secret(paths.password);
  const flags = Object.entries(FLAGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [command, args] = asOwner(owner, [paths.data, binaries.postgres], binaries.postgres, [
    "-D",
    paths.data,
    "-p",
    String(port),
    ...flags,
  ]);
  const log = await open(paths.log, "w", 0o600);
  // Its own process group: Ctrl-C in a terminal must reach the portal first.
  const child = spawn(command, args, { cwd: dir, detached: true, stdio: ["ignore", log.fd, log.fd] });
  await log.close();
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await ready(connectionUrl(password, port, "postgres"), child, paths.log);
  await ensureDatabase(connectionUrl(password, port, "postgres"));
  const url = connectionUrl(password, port);
  await writeFile(paths.address, url, { mode: 0o600 });
  const pid = child.pid as number;
  return {
    url,
    port,
    pid,
    ended,
    async stop() {
      await end(pid);
      await ended;
      await rm(paths.address, { force: true });
    },
  };
}

/** The address of the server that runs in a data folder, if one does. */
export async function runningClusterUrl(dir: string): Promise<string | undefined> {
  const paths = pathsIn(dir);
  if (!(await serverIn(paths))) return undefined;
  return (await readFile(paths.address, "utf8").catch(() => undefined))?.trim();
}
