import { createServer, type IncomingMessage } from "node:http";
import next from "next";
import { readEnvironment } from "#lib/config/environment.ts";
import { database, databaseUrl } from "#lib/db/client.ts";
import { DomainError, toProblem } from "#lib/errors.ts";
import { log, reasonOf } from "#lib/log.ts";
import { Hub } from "#lib/stream/hub.ts";
import { listen } from "#lib/stream/listener.ts";
import { openStreamServer } from "#lib/stream/server.ts";
import { FRAME_CHANNEL, type FrameNotice } from "#lib/tsdb/append.ts";
import { onStop, ready } from "./lifecycle.ts";

// Next and the live stream on one port.

const environment = readEnvironment();
const root = process.env.SIGHTLINE_ROOT ?? process.cwd();
if (environment.publicUrl) process.env.NEXTAUTH_URL = environment.publicUrl;
else process.env.AUTH_TRUST_HOST = "true";

const app = next({ dev: false, dir: root, hostname: environment.host, port: environment.port });
await app.prepare();
const handle = app.getRequestHandler();
const upgradeNext = app.getUpgradeHandler();

const db = database();
const hub = new Hub(db);
const listener = listen(
  databaseUrl(),
  [FRAME_CHANNEL],
  (_channel, payload) => void hub.notice(JSON.parse(payload) as FrameNotice),
  () => hub.reconnected(),
);
const stream = openStreamServer(db, hub, environment.publicUrl);

/** What a client says of itself is believed only from behind a trusted proxy. */
function tellPeer(request: IncomingMessage): void {
  const forwarded = request.headers["x-forwarded-for"]?.toString().split(",")[0]?.trim();
  const peer = request.socket.remoteAddress ?? "unknown";
  request.headers["x-sightline-peer"] = environment.trustProxy && forwarded ? forwarded : peer;
  // Where a page sends the reader back to after signing in.
  request.headers["x-sightline-path"] = (request.url ?? "/").replace(/[?&]_rsc=[^&]*/, "");
  if (environment.trustProxy) return;
  for (const name of ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"])
    delete request.headers[name];
}

/** Next fails at an address that cannot be decoded, such as /%F0. */
function isDecodable(url = "/"): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

const BAD_ADDRESS = toProblem(
  new DomainError("validation", "The address has a broken percent-encoding: write % as %25"),
);

const server = createServer((request, response) => {
  tellPeer(request);
  if (!isDecodable(request.url))
    return void response
      .writeHead(BAD_ADDRESS.status, { "content-type": "application/problem+json" })
      .end(JSON.stringify(BAD_ADDRESS));
  void handle(request, response);
});
server.on("upgrade", (request, socket, head) => {
  tellPeer(request);
  if (!stream.upgrade(request, socket, head)) void upgradeNext(request, socket, head);
});
server.on("error", (error) => {
  log.error({ reason: reasonOf(error) }, "the web server failed");
  process.exit(1);
});
server.listen(environment.port, environment.host, ready);

onStop([
  { name: "live stream", run: () => stream.close() },
  { name: "port", run: () => server.close() },
  { name: "connections", run: () => server.closeAllConnections() },
  { name: "listener", run: () => listener.close() },
  { name: "database", run: () => db.$disconnect() },
]);
