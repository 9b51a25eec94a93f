import { execFileSync } from "node:child_process";
import { appendFileSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** PostgreSQL 15 of Debian's, or the programs of another version that SIGHTLINE_TEST_POSTGRES names. */
const BIN = process.env.SIGHTLINE_TEST_POSTGRES ?? "/usr/lib/postgresql/15/bin";

/** Why no server of Debian's can be started here; undefined where one can. */
export function missingDebianPostgres(): string | undefined {
  if (!existsSync(join(BIN, "initdb"))) return "Debian's postgresql-15 is not installed: apt-get install postgresql-15";
  return process.getuid?.() === 0 ? undefined : "it takes root to start a server as the account postgres";
}

/** A port that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs a program as the account postgres. */
function asPostgres(program: string, args: string[], env: Record<string, string> = {}): string {
  const all = ["-u", "postgres", "--", program, ...args];
  return execFileSync("runuser", all, {
    encoding: "utf8",
    env: { ...process.env, ...env },
    cwd: "/tmp",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** The account postgres. */
export function postgresIds(): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** A folder of the account postgres. */
export function postgresFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "sightline-debian-"));
  const { uid, gid } = postgresIds();
  chownSync(dir, uid, gid);
  return dir;
}

export const PASSWORD = "a password of this test";

/** A PostgreSQL 15 of Debian's with its superuser postgres, in a folder of its own. */
export class DebianPostgres {
  readonly port: number;
  readonly dir: string;

  private constructor(dir: string, port: number) {
    this.dir = dir;
    this.port = port;
  }

  get #data(): string {
    return join(this.dir, "data");
  }

  /** Makes and starts a cluster with these settings. */
  static async start(settings: Record<string, string> = {}): Promise<DebianPostgres> {
    const server = new DebianPostgres(postgresFolder(), await freePort());
    asPostgres(join(BIN, "initdb"), ["-D", server.#data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8"]);
    server.configure({ ...settings, unix_socket_directories: server.dir, fsync: "off" });
    server.boot();
    return server;
  }

  /** Makes and starts a standby that streams from here by a slot. */
  async standby(name: string): Promise<DebianPostgres> {
    const server = new DebianPostgres(postgresFolder(), await freePort());
    const client = await this.connect();
    const { uid, gid } = postgresIds();
    try {
      await client.query("SELECT pg_create_physical_replication_slot($1, true)", [name]);
      const { rows } = await client.query("SELECT current_setting('server_version_num')::int >= 150000 AS recent");
      const [start, stop] = rows[0].recent
        ? ["pg_backup_start($1, true)", "pg_backup_stop(false)"]
        : ["pg_start_backup($1, true, false)", "pg_stop_backup(false, false)"];
      await client.query(`SELECT ${start}`, [name]);
      asPostgres("cp", ["-a", this.#data, server.#data]);
      const label = await client.query(`SELECT labelfile FROM ${stop}`);
      rmSync(join(server.#data, "postmaster.pid"));
      for (const [name, text] of [
        ["backup_label", label.rows[0].labelfile],
        ["standby.signal", ""],
      ]) {
        writeFileSync(join(server.#data, name), text);
        chownSync(join(server.#data, name), uid, gid);
      }
    } finally {
      await client.end();
    }
    const from = `host=127.0.0.1 port=${this.port} user=postgres application_name=${name}`;
    const replication = { primary_conninfo: from, primary_slot_name: name };
    server.configure({ unix_socket_directories: server.dir, ...replication });
    server.boot();
    return server;
  }

  configure(settings: Record<string, string>): void {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
    appendFileSync(join(this.#data, "postgresql.conf"), lines.join(""));
  }

  boot(): void {
    const options = `-p ${this.port} -c listen_addresses=127.0.0.1`;
    asPostgres(join(BIN, "pg_ctl"), ["-D", this.#data, "-l", join(this.dir, "log"), "-o", options, "-w", "start"]);
  }

  halt(): void {
    asPostgres(join(BIN, "pg_ctl"), ["-D", this.#data, "-m", "immediate", "-w", "stop"]);
  }

  /** A connection of the superuser, or of another. */
  async connect(database = "postgres", user = "postgres"): Promise<pg.Client> {
    const client = new pg.Client({ host: "127.0.0.1", port: this.port, user, database, password: PASSWORD });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  /** Runs statements as the superuser, each by itself. */
  async run(database: string, ...statements: string[]): Promise<void> {
    const client = await this.connect(database);
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }

  /** The rows of a statement of the superuser. */
  async rows(database: string, statement: string): Promise<object[]> {
    const client = await this.connect(database);
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends it and removes its folder. */
  remove(): void {
    try {
      this.halt();
    } catch {
      // It was halted before.
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}
