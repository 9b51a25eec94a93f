import assert from "node:assert/strict";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type Handler, offerHandler } from "#lib/direct/handlers.ts";
import { answerDirectly, directHandler } from "../../../workers/web/direct.ts";

const LONG = JSON.stringify(Array.from({ length: 40_000 }, (_, n) => n));
const JSON_TYPE = { "content-type": "application/json" };

/** An answer that comes in parts, without an end where `isEndless`. */
function partsOf(count: number, onCancel: () => void = () => undefined): Response {
  let sent = 0;
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ < count) controller.enqueue(encoder.encode(`${sent};`));
      else controller.close();
    },
    cancel: onCancel,
  });
  return new Response(stream, { headers: JSON_TYPE });
}

const HANDLERS: Record<string, Handler> = {
  "/short": async () => new Response("{}", { status: 503, headers: { ...JSON_TYPE, "retry-after": "5" } }),
  "/long": async () => new Response(LONG, { headers: JSON_TYPE }),
  "/some": async () => new Response(LONG.slice(0, 5_000), { headers: JSON_TYPE }),
  "/parts": async () => partsOf(3),
  "/nothing": async () => new Response(null, { status: 204 }),
  "/said": async (request) =>
    new Response(`${request.method} ${new URL(request.url).search} ${request.headers.get("x-a")}`),
};

for (const [path, handler] of Object.entries(HANDLERS)) offerHandler({ method: "get", path }, handler);
offerHandler(
  { method: "post", path: "/form", protocol: "prometheus" },
  async (request) => new Response(await request.text()),
);
offerHandler({ method: "get", path: "/hosts/{id}" }, async () => new Response("of a host"));
offerHandler({ method: "delete", path: "/short" }, async () => new Response("deleted"));

const server = createServer((request, response) => {
  const handler = directHandler(request);
  if (handler) void answerDirectly(request, response, handler);
  else response.writeHead(418).end("Next");
});
let url: string;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

/** As it comes, not unpacked. */
async function raw(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage & { body: Buffer }> {
  const message = await new Promise<IncomingMessage>((resolve, reject) =>
    get(url + path, { headers }, resolve).on("error", reject),
  );
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Object.assign(message, { body: Buffer.concat(parts) });
}

test("an endpoint's answer comes with its status, headers and length", async () => {
  const { statusCode, headers, body } = await raw("/api/v1/short?a=1");
  assert.deepEqual([statusCode, headers["retry-after"], headers["content-length"]], [503, "5", "2"]);
  assert.equal(body.toString(), "{}");
  const nothing = await raw("/api/v1/nothing");
  assert.deepEqual([nothing.statusCode, nothing.body.length], [204, 0]);
});

test("a handler sees the query, the method and the headers", async () => {
  assert.equal((await raw("/api/v1/said?b=%26", { "x-a": "7" })).body.toString(), "GET ?b=%26 7");
  const form = await fetch(`${url}/prometheus/api/v1/form`, { method: "POST", body: "query=up" });
  assert.equal(await form.text(), "query=up");
});

test("a short answer is compressed on its way to another machine, also by a proxy of this one", async () => {
  const headers = { "accept-encoding": "gzip" };
  assert.equal((await raw("/api/v1/some", headers)).headers["content-encoding"], undefined);
  const forwarded = await raw("/api/v1/some", { ...headers, "X-Forwarded-For": "192.0.2.1" });
  assert.equal(forwarded.headers["content-encoding"], "gzip");
  assert.equal(gunzipSync(forwarded.body).toString(), LONG.slice(0, 5_000));
});

test("a long answer is compressed for whoever takes that, whole or in parts, and for nobody else", async () => {
  for (const path of ["/api/v1/long", "/api/v1/parts"]) {
    const packed = await raw(path, { "accept-encoding": "br, gzip" });
    assert.equal(packed.headers["content-encoding"], "gzip");
    const second = await raw(path, { "accept-encoding": "br, gzip;q=0.5" });
    assert.equal(second.headers["content-encoding"], "gzip", "what is liked less is not refused");
    const plain = await raw(path, { "accept-encoding": "gzip;q=0" });
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.deepEqual(gunzipSync(packed.body), plain.body);
    assert.match(plain.headers.vary ?? "", /accept-encoding/);
  }
  assert.equal((await raw("/api/v1/short", { "accept-encoding": "gzip" })).headers["content-encoding"], undefined);
});

test("what changes something, has a parameter in its path or only wants the head is left to Next", async () => {
  for (const [path, method] of [
    ["/api/v1/hosts/7", "GET"],
    ["/api/v1/short", "DELETE"],
    ["/api/v1/short", "HEAD"],
    ["/api/v1/short/", "GET"],
  ] as const)
    assert.equal((await fetch(url + path, { method })).status, 418, `${method} ${path}`);
});

test("a handler hears that whoever asked went away", async () => {
  const aborted = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  offerHandler({ method: "get", path: "/slow" }, async ({ signal }) => {
    signal.addEventListener("abort", () => aborted.resolve());
    started.resolve();
    await aborted.promise;
    return new Response("late");
  });
  const request = get(`${url}/api/v1/slow`).on("error", () => undefined);
  await started.promise;
  request.destroy();
  await aborted.promise;
});
