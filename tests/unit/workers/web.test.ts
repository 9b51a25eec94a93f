import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import { test } from "node:test";
import { rootOf } from "#lib/contract/endpoint.ts";
import { ENDPOINTS, PROTOCOL_ENDPOINTS } from "#lib/contract/endpoints.ts";
import { DomainError } from "#lib/errors.ts";
import { answerError } from "../../../workers/web/answers.ts";
import { bodyLimitKib, tooLong } from "../../../workers/web/body-limits.ts";
import { endpointAt, unknownEndpoint } from "../../../workers/web/endpoints.ts";
import { LimitedMessage } from "../../../workers/web/limited-message.ts";
import { PageResponse } from "../../../workers/web/page-response.ts";

type Handler = (request: LimitedMessage, response: PageResponse<LimitedMessage>) => void;

async function serving(handle: Handler, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer({ IncomingMessage: LimitedMessage, ServerResponse: PageResponse }, handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const tooLarge = () => new DomainError("too-large", "too long");

test("a body over its limit is refused, by its announced length or as it comes, and no more of it is gathered", async () => {
  const LIMIT = 1_000;
  let gathered = 0;
  const handle: Handler = (request, response) => {
    if (!request.limitBody(LIMIT, () => answerError(request, response, tooLarge()))) return;
    request.on("data", (chunk: Buffer) => {
      gathered += chunk.length;
    });
    request.on("end", () => response.headersSent || response.end("taken"));
  };
  await serving(handle, async (url) => {
    const send = (body: unknown) => fetch(url, { method: "POST", body, duplex: "half" } as RequestInit);
    const pieces = (count: number) =>
      Readable.toWeb(Readable.from(Array.from({ length: count }, () => Buffer.alloc(500))));
    assert.equal(await (await send("x".repeat(LIMIT))).text(), "taken");
    assert.equal((await send("x".repeat(LIMIT + 1))).status, 413);
    assert.equal(await (await send(pieces(2))).text(), "taken");
    gathered = 0;
    assert.equal((await send(pieces(2_000))).status, 413);
    assert.ok(gathered <= LIMIT, `${gathered} bytes`);
  });
});

test("only what takes batches of programs may have a long body", () => {
  const limit = (url: string) => bodyLimitKib({ url } as LimitedMessage, { ingest_max_kib: 2_048 });
  assert.equal(limit("/api/v1/experiments/events"), 2_048);
  assert.equal(limit("/api/v1/experiments/checkout/exposures?x=1"), 2_048);
  for (const url of ["/api/v1/setup", "/api/auth/callback/credentials", "/", "/api/v1/experiments/events/more", "//"])
    assert.equal(limit(url), 64, url);
});

test("what is refused before it is read is refused in the words of the protocol, and says what to do", async () => {
  const handle: Handler = (request, response) => {
    const unknown = unknownEndpoint(request.url);
    answerError(request, response, unknown ?? tooLong(request, bodyLimitKib(request, { ingest_max_kib: 1_024 })));
  };
  await serving(handle, async (url) => {
    const send = (path: string, type: string) =>
      fetch(url + path, { method: "POST", headers: { "content-type": type }, body: "x" });
    const otlp = await send("/v1/metrics", "application/json");
    const remedy = /longer than 1024 KiB: .*compressed.*ingest_max_kib/;
    assert.equal(otlp.status, 413);
    assert.match(((await otlp.json()) as { message: string }).message, remedy);
    const binary = await send("/api/v1/otlp/v1/traces", "application/x-protobuf");
    assert.equal(binary.headers.get("content-type"), "application/x-protobuf");
    assert.match(await binary.text(), remedy);
    const write = await send("/prometheus/api/v1/write", "application/x-protobuf");
    assert.match(write.headers.get("content-type") ?? "", /^text\/plain/);
    assert.match(await write.text(), remedy);
    const rules = await send("/prometheus/api/v1/rules", "application/x-www-form-urlencoded");
    assert.equal(rules.status, 404);
    assert.deepEqual(Object.keys((await rules.json()) as object), ["status", "errorType", "error"]);
    const nothing = await send("/api/v1/nothing", "application/json");
    assert.equal(nothing.status, 404);
    assert.equal(nothing.headers.get("content-type"), "application/problem+json");
  });
});

test("each endpoint of the contract is found at its address, whatever its parameters", () => {
  for (const endpoint of [...ENDPOINTS, ...PROTOCOL_ENDPOINTS]) {
    const url = `${rootOf(endpoint)}${endpoint.path.replace(/\{\w+\}/g, "a%2Fb")}?x=1`;
    assert.equal(unknownEndpoint(url), undefined, url);
    assert.ok(endpointAt(url), url);
  }
});

test("a page that failed says so without scripts, and any other answer is as it was", async () => {
  const handle: Handler = ({ url }, response) => {
    response.replaceFailure();
    response.setHeader("x-made-by", "next");
    response.statusCode = url === "/broken" ? 500 : 200;
    response.write("<!DOCTYPE html><html>");
    response.end("</html>");
  };
  await serving(handle, async (url) => {
    const broken = await fetch(`${url}/broken`);
    assert.deepEqual(
      [broken.status, broken.headers.get("retry-after"), broken.headers.get("x-made-by")],
      [503, "10", null],
    );
    assert.match(await broken.text(), /This page could not be made/);
    const fine = await fetch(`${url}/fine`);
    assert.deepEqual([fine.status, fine.headers.get("x-made-by")], [200, "next"]);
    assert.equal(await fine.text(), "<!DOCTYPE html><html></html>");
  });
});

test("an error is told to a program as problem details and to a person as a page, with nothing of the address in it", async () => {
  const handle: Handler = (request, response) =>
    answerError(request, response, new DomainError("unavailable", "<b>away</b>", { retryAfterSeconds: 7 }));
  await serving(handle, async (url) => {
    const program = await fetch(`${url}/api/v1/hosts`);
    assert.equal(program.headers.get("content-type"), "application/problem+json");
    assert.deepEqual([program.status, program.headers.get("retry-after")], [503, "7"]);
    const person = await (await fetch(`${url}/overview?<script>`)).text();
    assert.match(person, /&#60;b&#62;away/);
    assert.doesNotMatch(person, /<script>|<b>/);
    const head = await fetch(url, { method: "HEAD" });
    assert.equal(await head.text(), "");
  });
});

test("a client that sends nothing more is not waited for", async () => {
  await serving(
    (request, response) =>
      void (request.limitBody(10, () => answerError(request, response, tooLarge())) && request.resume()),
    async (url) => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
      const [answer] = (await once(socket, "data")) as [Buffer];
      assert.match(answer.toString(), /^HTTP\/1.1 413 /);
      socket.destroy();
    },
  );
});
