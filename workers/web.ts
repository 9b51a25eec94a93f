import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import next from "next";
import { ACCESS_CHANNEL } from "#lib/access/close-access.ts";
import { TrustedProxies } from "#lib/access/proxies.ts";
import { requestLimits } from "#lib/access/request-limits.ts";
import { estimateBy } from "#lib/access/strength.ts";
import { ALERT_CHANNEL } from "#lib/alerts/store-alerts.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import * as contract from "#lib/contract/index.ts";
import { prometheus } from "#lib/contract/prometheus.ts";
import { DEFAULT_SETTINGS, type Settings } from "#lib/contract/settings.ts";
import { Availability } from "#lib/db/availability.ts";
import { database, databaseUrl, statusDatabase } from "#lib/db/client.ts";
import { CHANGE_CHANNEL, held } from "#lib/db/held.ts";
import { DomainError, isDomainError } from "#lib/errors.ts";
import { log, reasonOf } from "#lib/log.ts";
import { traceReceiver } from "#lib/otlp/traces/trace-receiver.ts";
import { readSettings, SETTING_CHANNEL } from "#lib/settings/store.ts";
import { Hub } from "#lib/stream/hub.ts";
import { listen } from "#lib/stream/listener.ts";
import { openStreamServer } from "#lib/stream/server.ts";
import { FRAME_CHANNEL, type FrameNotice } from "#lib/tsdb/append.ts";
import { CHUNK_CHANNEL, heldSeries } from "#lib/tsdb/query.ts";
import { onStop, ready, stopSignal } from "./lifecycle.ts";
import { receiveSecrets } from "./secrets.ts";
import { recordTelemetry } from "./telemetry.ts";
import { answerError } from "./web/answers.ts";
import { bodyBytes, bodyLimitKib, tooLong } from "./web/body-limits.ts";
import { answerDirectly, directHandler } from "./web/direct.ts";
import { pathsOf, unknownEndpoint } from "./web/endpoints.ts";
import { LimitedMessage } from "./web/limited-message.ts";
import { PageResponse } from "./web/page-response.ts";
import { secure } from "./web/security-headers.ts";
import { StaticFiles, sendPacked } from "./web/static-files.ts";
import { estimatorOf } from "./web/strength-thread.ts";

// Next and the live stream on one port.

await receiveSecrets();

/** How long a request may take to come, ms: nobody types one. */
const TIME_LIMITS = { headersTimeout: 15_000, requestTimeout: 60_000, connectionsCheckingInterval: 5_000 };
/** So long the rest of a body that is too long is dropped; then its connection is closed. */
const LINGER_MS = 2_000;

const environment = readEnvironment();
const root = process.env.SIGHTLINE_ROOT ?? process.cwd();
if (environment.publicUrl) process.env.NEXTAUTH_URL = environment.publicUrl;
else process.env.AUTH_TRUST_HOST = "true";

// As Next's own standalone server does: to read next.config.ts would load a compiler of TypeScript, 13 MB and half a second.
const { config } = JSON.parse(readFileSync(join(root, ".next", "required-server-files.json"), "utf8"));
process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
const app = next({ dev: false, dir: root, hostname: environment.host, port: environment.port });
await app.prepare();
const handle = app.getRequestHandler();
const files = new StaticFiles(join(root, ".next", "static"));

estimateBy(estimatorOf(join(import.meta.dirname, "strength.js")));

const db = database();
const hub = new Hub(db);
const availability = new Availability(statusDatabase());
let limits: Pick<Settings, "ingest_max_kib"> = DEFAULT_SETTINGS;
const readLimits = () =>
  void readSettings(db)
    .then((settings) => {
      limits = settings;
      requestLimits().use(settings);
    })
    .catch((error: Error) => log.warn({ reason: reasonOf(error) }, "settings not read"));
/** What is held counts as old before a browser hears of something new. */
function framesCame(notice: FrameNotice): void {
  heldSeries().framesCame({ hostId: notice.host, sourceId: notice.source }, notice.from);
  void hub.notice(notice);
}
const listener = listen(
  databaseUrl(),
  [FRAME_CHANNEL, SETTING_CHANNEL, ACCESS_CHANNEL, ALERT_CHANNEL, CHANGE_CHANNEL, CHUNK_CHANNEL],
  (channel, payload) => {
    if (channel === SETTING_CHANNEL) readLimits();
    else if (channel === ACCESS_CHANNEL) stream.recheck();
    else if (channel === ALERT_CHANNEL) hub.alertsChanged();
    else if (channel === CHANGE_CHANNEL) held().changed(payload);
    else if (channel === CHUNK_CHANNEL) heldSeries().chunksChanged(Number(payload));
    else framesCame(JSON.parse(payload));
  },
  () => {
    readLimits();
    hub.reconnected();
    held().begin();
    heldSeries().begin();
  },
  () => {
    held().end();
    heldSeries().end();
  },
);
const stream = openStreamServer(db, hub, environment.publicUrl);

const proxies = new TrustedProxies(environment.trustedProxies);
const FORWARDED = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "forwarded"];

/** What a client says of itself is believed only from behind a trusted proxy. */
function tellPeer({ headers, socket, url = "/" }: IncomingMessage): void {
  headers["x-sightline-peer"] = proxies.peerOf(socket.remoteAddress, headers["x-forwarded-for"]);
  // Where a page sends the reader back to after signing in.
  headers["x-sightline-path"] = url.replace(/[?&]_rsc=[^&]*/, "");
  if (!proxies.has(socket.remoteAddress)) for (const name of FORWARDED) delete headers[name];
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

const badAddress = () =>
  new DomainError("validation", "The address has a broken percent-encoding: write % as %25", {
    fields: [{ field: "path", message: "Write % as %25" }],
  });

/** What needs no database: what the build made, and what says how the database is. */
const needsDatabase = (url = "/"): boolean => !/^\/(_next\/|icon\.svg|api\/v1\/(health|openapi\.json)\b)/.test(url);

/** Of programs that are counted one by one, once it is known who they are: a thousand of them may share an address. */
const PROGRAM_PATHS = [contract.agents.push, prometheus.write, ...Object.values(contract.otlp)].flatMap(pathsOf);

/** Counts what costs more than a file of the build; answers why no more of it is served now. */
function countRequest({ url = "/", headers }: IncomingMessage): DomainError | undefined {
  if (url.startsWith("/_next/static/") || PROGRAM_PATHS.includes(url)) return undefined;
  try {
    requestLimits().take("address", String(headers["x-sightline-peer"]));
    return undefined;
  } catch (error) {
    if (isDomainError(error)) return error;
    throw error;
  }
}

/** A page that is opened, and not what the scripts of one fetch. */
const isPage = ({ url = "/", headers }: IncomingMessage): boolean =>
  !/^\/(_next|api|prometheus|v1|metrics\b)/.test(url) && headers.rsc === undefined;

/** The limits of whatever comes, before Next sees it. */
async function receive(request: LimitedMessage, response: PageResponse<LimitedMessage>): Promise<void> {
  tellPeer(request);
  secure(request, response, environment.publicUrl);
  // There are no server actions: Next would write a stack into the log for each that is asked for.
  delete request.headers["next-action"];
  // next-auth answers 500 where this holds no address of ours, and nobody needs it.
  const { cookie } = request.headers;
  if (cookie) request.headers.cookie = cookie.replace(/(^|;\s*)(__Secure-)?next-auth\.callback-url=[^;]*/g, "");
  const refuse = (error: DomainError) => answerError(request, response, error);
  const limitKib = bodyLimitKib(request, limits);
  const mayCome = request.limitBody(bodyBytes(limitKib), () => {
    if (!response.headersSent) refuse(tooLong(request, limitKib));
    setTimeout(() => request.complete || request.destroy(), LINGER_MS).unref();
  });
  if (!mayCome) return;
  const excess = countRequest(request);
  if (excess) return refuse(excess);
  if (!isDecodable(request.url)) return refuse(badAddress());
  const unknown = unknownEndpoint(request.url);
  if (unknown) return refuse(unknown);
  const failure = needsDatabase(request.url) ? await availability.check() : undefined;
  if (failure) return refuse(failure);
  const file = files.find(request);
  if (file) return sendPacked(request, response, file);
  const handler = directHandler(request);
  if (handler) return answerDirectly(request, response, handler);
  if (isPage(request)) response.replaceFailure();
  await handle(request, response);
}

const server = createServer(
  { IncomingMessage: LimitedMessage, ServerResponse: PageResponse, ...TIME_LIMITS },
  (request, response) => {
    receive(request, response).catch((error: Error) => {
      log.error({ error: error.stack }, "a request failed");
      response.destroy();
    });
  },
);
server.on("upgrade", (request, socket, head) => {
  tellPeer(request);
  const excess = countRequest(request);
  if (excess) {
    socket.end(
      `HTTP/1.1 429 Too Many Requests\r\nRetry-After: ${excess.retryAfterSeconds}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    return;
  }
  // Nobody else would answer it: Next takes upgrades only while it is developed.
  if (!stream.upgrade(request, socket, head))
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
});
server.on("error", (error) => {
  log.error({ reason: reasonOf(error) }, "the web server failed");
  process.exit(1);
});
recordTelemetry(db, "web", stopSignal);
server.listen(environment.port, environment.host, ready);

onStop([
  { name: "live stream", run: () => stream.close() },
  { name: "port", run: () => server.close() },
  { name: "connections", run: () => server.closeAllConnections() },
  { name: "listener", run: () => listener.close() },
  { name: "spans", run: () => traceReceiver(db).flush() },
  { name: "database", run: () => Promise.all([db.$disconnect(), statusDatabase().$disconnect()]) },
]);
