import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as ask, createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { StaticFiles, sendPacked } from "../../../workers/web/static-files.ts";

const folder = mkdtempSync(join(tmpdir(), "sightline-static-"));
const script = "console.log('é');".repeat(100);
mkdirSync(join(folder, "chunks"));
for (const [suffix, bytes] of [
  ["", Buffer.from(script)],
  [".br", brotliCompressSync(script)],
  [".gz", gzipSync(script)],
] as const)
  writeFileSync(join(folder, "chunks", `a.js${suffix}`), bytes);
writeFileSync(join(folder, "chunks", "font.woff2.br"), "no script");
writeFileSync(join(folder, "..secret.js.br"), "not below the folder");

const files = new StaticFiles(folder);
const server = createServer((request, response) => {
  const file = files.find(request);
  if (file) return void sendPacked(request, response, file);
  response.writeHead(404).end("next");
}).listen(0);
const { port } = server.address() as AddressInfo;
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

type Answer = { status: number | undefined; headers: IncomingMessage["headers"]; body: Buffer };

const get = (path: string, encoding?: string, method = "GET") =>
  new Promise<Answer>((resolve, reject) => {
    const headers = encoding === undefined ? {} : { "accept-encoding": encoding };
    ask({ port, path, method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    })
      .on("error", reject)
      .end();
  });

test("a browser gets the build's scripts as small as it can read them, to be kept for ever", async () => {
  const brotli = await get("/_next/static/chunks/a.js", "gzip, deflate, br");
  assert.equal(brotli.headers["content-encoding"], "br");
  assert.equal(brotliDecompressSync(brotli.body).toString(), script);
  assert.equal(brotli.headers["content-type"], "application/javascript; charset=UTF-8");
  assert.match(String(brotli.headers["cache-control"]), /immutable/);
  assert.equal(brotli.headers.vary, "accept-encoding", "no cache between gives it to who cannot read it");
  const gzip = await get("/_next/static/chunks/a.js?dpl=1", "gzip");
  assert.equal(gzip.headers["content-encoding"], "gzip");
  assert.equal(gunzipSync(gzip.body).toString(), script);
});

test("who refuses an encoding does not get it, and who can read none is left to Next", async () => {
  assert.equal((await get("/_next/static/chunks/a.js", "br;q=0, gzip")).headers["content-encoding"], "gzip");
  assert.equal((await get("/_next/static/chunks/a.js", "br;q=0.5")).headers["content-encoding"], "br");
  for (const encoding of [undefined, "", "identity", "brx", "gzip;q=0, br;q=0.000"])
    assert.equal((await get("/_next/static/chunks/a.js", encoding)).status, 404, String(encoding));
});

test("HEAD says what GET would send; other methods, other files and paths that climb are left to Next", async () => {
  const head = await get("/_next/static/chunks/a.js", "br", "HEAD");
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  assert.equal(Number(head.headers["content-length"]), brotliCompressSync(script).length);
  assert.equal((await get("/_next/static/chunks/a.js", "br", "POST")).status, 404);
  for (const path of [
    "chunks/b.js",
    "chunks/font.woff2",
    "../static/chunks/a.js",
    "chunks/../chunks/a.js",
    "",
    "%2e%2e/a.js",
  ])
    assert.equal((await get(`/_next/static/${path}`, "br")).status, 404, path);
});
