import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { encode } from "next-auth/jwt";
import { WebSocket } from "ws";
import { openSession } from "#lib/access/sessions.ts";
import { SESSION_COOKIE, sessionSecret } from "#lib/access/token.ts";
import { createUser } from "#lib/access/users.ts";
import type { Database } from "#lib/db/client.ts";
import { Hub } from "#lib/stream/hub.ts";
import { type Listener, listen } from "#lib/stream/listener.ts";
import type { FrameMessage, ServerMessage } from "#lib/stream/messages.ts";
import { openStreamServer, type StreamServer } from "#lib/stream/server.ts";
import { FRAME_CHANNEL } from "#lib/tsdb/append.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";

let db: Database;
let http: Server;
let stream: StreamServer;
let listener: Listener;
let hostId: number;
let writer: Awaited<ReturnType<typeof addHost>>["writer"];
let cookie: string;
let port: number;
let clock = Math.floor(Date.now() / 5_000) * 5_000;

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  ({ hostId, writer } = await addHost(db));
  const hub = new Hub(db);
  await new Promise<void>((resolve) => {
    listener = listen(
      fresh.url,
      [FRAME_CHANNEL],
      (_, payload) => void hub.notice(JSON.parse(payload)),
      () => {
        hub.reconnected();
        resolve();
      },
    );
  });
  stream = openStreamServer(db, hub, undefined);
  http = createServer().on("upgrade", (request, socket, head) => {
    if (!stream.upgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  port = (http.address() as AddressInfo).port;
  const user = await createUser(db, { email: "viewer@example.org", password: "velvet otter piano 42 quarry" });
  const sid = await openSession(db, user.id, { userAgent: "test", address: "192.0.2.1" });
  cookie = `${SESSION_COOKIE}=${await encode({ token: { sid }, secret: sessionSecret() })}`;
});

after(async () => {
  stream.close();
  http.close();
  await listener.close();
});

const store = (value: number, counter = 0) => {
  clock += 5_000;
  return writer.append(
    frame(clock, [
      ["cpu.usage", value],
      ["network.receive.bytes", counter, { interface: "eth0" }],
    ]),
  );
};

type Client = {
  socket: WebSocket;
  messages: ServerMessage[];
  frames: () => FrameMessage[];
  until: (done: () => boolean) => Promise<void>;
};

async function connect(): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/stream`, {
    headers: { cookie },
    origin: `http://127.0.0.1:${port}`,
  });
  const messages: ServerMessage[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(data.toString())));
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const until = async (done: () => boolean) => {
    for (let i = 0; i < 1500 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(done(), `within 15 s: ${messages.length} messages, ${JSON.stringify(messages).slice(0, 500)}`);
  };
  return { socket, messages, until, frames: () => messages.filter((m): m is FrameMessage => m.type === "frame") };
}

async function subscribed(series: number[], since?: number): Promise<Client> {
  const client = await connect();
  client.socket.send(JSON.stringify({ type: "subscribe", host: hostId, series, ...(since ? { since } : {}) }));
  await client.until(() => client.messages.some((m) => m.type === "subscribed"));
  return client;
}

const idOf = async (metric: string) => (await db.series.findFirstOrThrow({ where: { metric } })).id;

/** How the server answers someone it does not let in. */
const refusal = (options: { headers?: Record<string, string>; origin?: string }, path = "/api/v1/stream") =>
  new Promise<string>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
    socket.on("open", () => resolve("open"));
    socket.on("error", (error) => resolve(error.message));
  });

test("a socket needs a session and an origin of our own", async () => {
  const origin = `http://127.0.0.1:${port}`;
  assert.match(await refusal({ origin }), /401/);
  assert.match(await refusal({ origin, headers: { cookie: `${SESSION_COOKIE}=forged` } }), /401/);
  assert.match(await refusal({ headers: { cookie } }), /403/);
  assert.match(await refusal({ origin: "http://evil.example", headers: { cookie } }), /403/);
  assert.doesNotMatch(await refusal({ origin, headers: { cookie } }, "/other"), /open/);
});

test("a browser gets the series it asked for, as they are shown, once each", async () => {
  await store(10, 1_000);
  const [cpu, bytes] = [await idOf("cpu.usage"), await idOf("network.receive.bytes")];
  const both = await subscribed([cpu, bytes]);
  const client = await subscribed([cpu]);
  await store(11, 6_000);
  await store(12, 8_500);
  await both.until(() => both.frames().length === 2);
  await client.until(() => client.frames().length === 2);
  assert.deepEqual(
    both.frames().map((f) => f.values),
    [
      [
        [cpu, 11],
        [bytes, 1_000],
      ],
      [
        [cpu, 12],
        [bytes, 500],
      ],
    ],
  );
  assert.deepEqual(
    client.frames().map((f) => f.values),
    [[[cpu, 11]], [[cpu, 12]]],
  );
  assert.ok(Math.abs((client.frames()[0]?.stored_at ?? 0) - Date.now()) < 10_000);
  both.socket.close();
  client.socket.close();
});

test("after a reconnect a browser is sent what it missed, and nothing twice", async () => {
  const cpu = await idOf("cpu.usage");
  const before = clock;
  for (const value of [20, 21, 22]) await store(value);
  const client = await subscribed([cpu], before);
  await store(23);
  await client.until(() => client.frames().length === 4);
  assert.deepEqual(
    client.frames().map((f) => f.values[0]?.[1]),
    [20, 21, 22, 23],
  );
  assert.equal(client.messages[3]?.type, "subscribed", "what was missed comes before the word that all is there");
  client.socket.close();
});

test("history that changes behind the newest frame is announced", async () => {
  const cpu = await idOf("cpu.usage");
  const client = await subscribed([cpu]);
  await store(30);
  await client.until(() => client.frames().length === 1);
  await writer.append(
    frame(clock - 7_777, [
      ["cpu.usage", 5],
      ["network.receive.bytes", 0, { interface: "eth0" }],
    ]),
  );
  await client.until(() => client.messages.some((m) => m.type === "stale"));
  assert.equal(client.frames().length, 1);
  client.socket.close();
});

test("a message that makes no sense gets a problem, and the socket stays", async () => {
  const client = await connect();
  client.socket.send("{}");
  client.socket.send("nonsense");
  await client.until(() => client.messages.filter((m) => m.type === "problem").length === 2);
  assert.equal(client.socket.readyState, WebSocket.OPEN);
  client.socket.close();
});

test("a browser that does not keep up is held back, then sent everything in order", async () => {
  const { hostId: big, writer: bigWriter } = await addHost(db, "big");
  const wide = (value: number): [string, number, Record<string, string>][] =>
    Array.from({ length: 2_000 }, (_, core) => ["cpu.core.usage", value + core / 7, { core: String(core) }]);
  const append = (n: number) => bigWriter.append(frame(clock + (n + 1) * 5_000, wide(n)));
  await append(0);
  const series = (await db.series.findMany({ where: { hostId: big }, select: { id: true } })).map((s) => s.id);
  const client = await connect();
  client.socket.send(JSON.stringify({ type: "subscribe", host: big, series }));
  await client.until(() => client.messages.length === 1);
  client.socket.pause();
  for (let n = 1; n <= 300; n++) await append(n);
  client.socket.resume();
  await client.until(() => client.frames().length >= 300);
  const first = client.frames().map((f) => f.values[0]?.[1]);
  assert.deepEqual(
    first,
    Array.from({ length: 300 }, (_, n) => n + 1),
  );
  client.socket.close();
});

test("a restart tells browsers to come back", async () => {
  const client = await connect();
  const code = new Promise((resolve) => client.socket.on("close", resolve));
  stream.close();
  assert.equal(await code, 1012);
});
