import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import { test } from "node:test";
import { DomainError } from "#lib/errors.ts";
import { answerError } from "../../../workers/web/answers.ts";
import { bodyLimitKib } from "../../../workers/web/body-limits.ts";
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
