import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { isOwnOrigin } from "#lib/access/origin.ts";
import type { SessionInfo } from "#lib/access/sessions.ts";
import { authenticate, readCookie, SESSION_COOKIE } from "#lib/access/token.ts";
import { may } from "#lib/contract/permissions.ts";
import { API_ROOT } from "#lib/contract/roots.ts";
import type { Database } from "#lib/db/client.ts";
import { log, reasonOf } from "#lib/log.ts";
import { Connection } from "#lib/stream/connection.ts";
import type { Hub } from "#lib/stream/hub.ts";

const STREAM_PATH = `${API_ROOT}/stream`;
const PING_MS = 15_000;
const RECHECK_MS = 30_000;
const MAX_MESSAGE_BYTES = 64 * 1024;

/** Close codes of our own: the browser must sign in again, or may just connect again. */
const CLOSE_SIGNED_OUT = 4401;
const CLOSE_RESTARTING = 1012;

export type StreamServer = {
  /** Takes over a request to upgrade; answers false when it is for another path. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Closes at once whichever socket's session has ended or lost its right. */
  recheck(): void;
  close(): void;
};

const permitted = (session: SessionInfo | undefined) => session !== undefined && may(session.user.role, "metrics:read");

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** WebSockets for live frames: signed in by the session cookie, of our own origin, with the right to read metrics. */
export function openStreamServer(db: Database, hub: Hub, publicUrl: string | undefined): StreamServer {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  const alive = new WeakSet<WebSocket>();
  const requests = new Map<WebSocket, IncomingMessage>();
  const sessionOf = (request: IncomingMessage) => authenticate(db, readCookie(request.headers.cookie, SESSION_COOKIE));
  const pings = setInterval(() => {
    for (const socket of server.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, PING_MS);

  async function check(socket: WebSocket, request: IncomingMessage): Promise<void> {
    // While the database is away nobody can be checked, and nothing can be sent either.
    const session = await sessionOf(request).catch(() => "unknown" as const);
    if (session !== "unknown" && !permitted(session)) socket.close(CLOSE_SIGNED_OUT, "signed out");
  }

  function accept(socket: WebSocket, request: IncomingMessage): void {
    alive.add(socket);
    socket.on("pong", () => alive.add(socket));
    requests.set(socket, request);
    const timer = setInterval(() => void check(socket, request), RECHECK_MS);
    socket.on("close", () => {
      clearInterval(timer);
      requests.delete(socket);
    });
    new Connection(socket, hub);
  }

  async function admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { origin, host } = request.headers;
    if (!origin || !isOwnOrigin(origin, host, publicUrl)) return refuse(socket, "403 Forbidden");
    const session = await sessionOf(request);
    if (!session) return refuse(socket, "401 Unauthorized");
    if (!permitted(session)) return refuse(socket, "403 Forbidden");
    server.handleUpgrade(request, socket, head, (opened) => accept(opened, request));
  }

  return {
    upgrade(request, socket, head) {
      if (request.url?.split("?")[0] !== STREAM_PATH) return false;
      socket.on("error", () => socket.destroy());
      admit(request, socket, head).catch((error: Error) => {
        log.warn({ reason: reasonOf(error) }, "socket refused");
        refuse(socket, "503 Service Unavailable");
      });
      return true;
    },
    recheck() {
      for (const [socket, request] of requests) void check(socket, request);
    },
    close() {
      clearInterval(pings);
      for (const socket of server.clients) socket.close(CLOSE_RESTARTING, "restarting");
      server.close();
    },
  };
}
