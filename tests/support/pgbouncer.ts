import { spawn } from "node:child_process";
import { chownSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { freePort, postgresFolder, postgresIds } from "./debian-postgres.ts";

/** A PgBouncer of Debian's before a server, in a folder of its own: everybody may connect, and the user stats may see statistics. */
export class PgBouncer {
  static readonly PROGRAM = "/usr/sbin/pgbouncer";
  readonly port: number;
  readonly #dir: string;
  readonly #child: ReturnType<typeof spawn>;

  private constructor(dir: string, port: number, child: ReturnType<typeof spawn>) {
    this.#dir = dir;
    this.port = port;
    this.#child = child;
  }

  static async start(serverPort: number, settings: Record<string, string>): Promise<PgBouncer> {
    const [dir, port] = [postgresFolder(), await freePort()];
    const all = {
      ...{ listen_addr: "127.0.0.1", listen_port: String(port), unix_socket_dir: "", auth_type: "any" },
      ...{ pool_mode: "transaction", stats_users: "stats", admin_users: "boss", ...settings },
    };
    const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
    const server = `* = host=127.0.0.1 port=${serverPort} user=postgres`;
    const file = join(dir, "pgbouncer.ini");
    writeFileSync(file, ["[databases]", server, "[pgbouncer]", ...lines, ""].join("\n"));
    const { uid, gid } = postgresIds();
    chownSync(file, uid, gid);
    const child = spawn(PgBouncer.PROGRAM, [file], { uid, gid, cwd: dir, stdio: "ignore" });
    const pooler = new PgBouncer(dir, port, child);
    for (let n = 0; n < 100; n++) {
      const client = await pooler.connect("pgbouncer", "stats").catch(() => undefined);
      await client?.end();
      if (client) return pooler;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    pooler.remove();
    throw new Error("PgBouncer did not start");
  }

  async connect(database: string, user = "postgres"): Promise<pg.Client> {
    const client = new pg.Client({ host: "127.0.0.1", port: this.port, user, database });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  remove(): void {
    this.#child.kill("SIGKILL");
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
