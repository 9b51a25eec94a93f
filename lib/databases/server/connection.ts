import pg from "pg";
import { databaseUrl } from "#lib/db/client.ts";
import { reasonOf } from "#lib/log.ts";
import { outgoingSocket, type Trust } from "#lib/notify/outgoing.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** Where a server is, and who reads it. */
export type Address = {
  address: string;
  port: number;
  database: string;
  user: string;
  password: string;
  tls: "off" | "required" | "verified";
};

/** What is connected to: the portal's own database, or a configured server. */
export type Target = { kind: "postgres" | "pgbouncer"; trust: Trust; at: Address | "own" };

const CONNECT_MS = 5 * SECOND_MS;
const STATEMENT_MS = 5 * SECOND_MS;
const LOCK_MS = SECOND_MS;

/** A connection to a watched server. Whoever asks gives up within the limit, whatever the server does. */
export class ServerSession {
  readonly #client: pg.Client;
  #broken = false;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /**
   * Connects, within five seconds, and reads only: what a statement may take and wait for a lock is limited by the server too. `database` stands
   * in place of the target's.
   * @throws DomainError validation where the address is not permitted, Error where the server refuses or is silent
   */
  static async open(target: Target, database?: string, statementMs = STATEMENT_MS): Promise<ServerSession> {
    const client = new pg.Client({
      ...addressOf(target, database),
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: statementMs + SECOND_MS,
      keepAlive: true,
      application_name: "sightline-databases",
      ...(target.kind === "postgres" && {
        statement_timeout: statementMs,
        lock_timeout: LOCK_MS,
        idle_in_transaction_session_timeout: 2 * statementMs,
      }),
    });
    const session = new ServerSession(client);
    client.on("error", () => session.#break());
    try {
      await client.connect();
    } catch (error) {
      session.#break();
      throw error;
    }
    return session;
  }

  /** Whether it can no longer be used: lost, or a statement got no answer. */
  get isBroken(): boolean {
    return this.#broken;
  }

  /** The rows of a statement. @throws Error as the server says it, or that it is silent */
  async rows<T extends object>(sql: string, values?: unknown[]): Promise<T[]> {
    try {
      return (await this.#client.query<T>(sql, values)).rows;
    } catch (error) {
      // Its answer may still come, and would be taken for that of the next.
      if ((error as { code?: string }).code === undefined || isLost(error)) this.#break();
      throw error;
    }
  }

  /** The only row of a statement. */
  async row<T extends object>(sql: string, values?: unknown[]): Promise<T> {
    const [row] = await this.rows<T>(sql, values);
    if (!row) throw new Error("The server answered no row");
    return row;
  }

  /** Ends it; one that is silent is cut off. */
  close(): void {
    if (this.#broken) return;
    void this.#client.end().catch(() => undefined);
    setTimeout(() => this.#break(), SECOND_MS).unref();
  }

  #break(): void {
    this.#broken = true;
    const { stream } = (this.#client as unknown as { connection: { stream: { destroy(): void } } }).connection;
    stream.destroy();
  }
}

const isLost = (error: unknown): boolean => /^(57P0\d|08|E[A-Z]+)/.test((error as { code?: string }).code ?? "");

function addressOf({ at, trust }: Target, database: string | undefined): pg.ClientConfig {
  if (at === "own") {
    const url = new URL(databaseUrl());
    if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`;
    return { connectionString: url.toString() };
  }
  const { address: host, port, user, password, tls } = at;
  return {
    ...{ host, port, user, password, database: database ?? at.database },
    ssl: tls === "off" ? false : { rejectUnauthorized: tls === "verified" },
    stream: () => outgoingSocket(host, trust),
  };
}

/** Opens a session for some work, and ends it. @throws as ServerSession.open and the work */
export async function withSession<T>(
  target: Target,
  work: (session: ServerSession) => Promise<T>,
  options: { database?: string; statementMs?: number } = {},
): Promise<T> {
  const session = await ServerSession.open(target, options.database, options.statementMs);
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

/** Why a server could not be reached, in words that name the remedy. */
export function connectionReason(error: unknown): string {
  const { code = "", message = "" } = error as { code?: string; message?: string };
  if (code === "28P01") return "The server refuses the user or the password: enter them again";
  if (code === "28000") return `${reasonOf(error)}: add a line for this user to pg_hba.conf`;
  if (code === "3D000") return `${reasonOf(error)}: enter a database that there is`;
  if (code === "53300") return "The server has no connection left: all of max_connections are in use";
  if (code === "57P03") return `The server is not ready: ${reasonOf(error)}`;
  if (/timeout/i.test(message))
    return "The server does not answer in time: it hangs, or a firewall drops the connection";
  if (/does not support SSL/.test(message))
    return "The server does not support TLS: turn TLS off, or set ssl = on there";
  return reasonOf(error);
}
