import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { readConfig } from "#lib/scrape/config/read-config.ts";
import { TargetClient } from "#lib/scrape/run/fetch-target.ts";
import { ScrapePool } from "#lib/scrape/run/scrape-pool.ts";
import type { LoopContext } from "#lib/scrape/run/target-loop.ts";
import { Discovery } from "#lib/scrape/targets/discovery.ts";
import { eventually } from "../../support/eventually.ts";

type Answer = (socket: Socket) => void;

/** A target that answers each request in its own way, below HTTP. */
async function rawTarget(answer: Answer) {
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", () => {
      requests += 1;
      answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, count: () => requests, close };
}

const settingsOf = (address: string) =>
  readConfig(`job_name: t\nscrape_interval: 1s\nscrape_timeout: 1s\nstatic_configs: [{targets: ["${address}"]}]\n`)
    .settings;

const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
const encoded =
  (name: string): Answer =>
  (socket) =>
    socket.write(GOOD.replace("\r\n\r", `\r\nContent-Encoding: ${name}\r\n\r`));
const GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na 1\n";

function flood(text: string): Answer {
  return (socket) => {
    const timer = setInterval(() => socket.write(text), 1);
    socket.on("close", () => clearInterval(timer));
  };
}

test("a target that switches protocols, closes, announces for ever or is no HTTP is down with a reason, within the scrape's time", async () => {
  const answers: [string, Answer, RegExp][] = [
    ["upgrade", (socket) => socket.write(SWITCHING), /answers 101/],
    [
      "upgrade without saying so",
      (socket) => socket.write(SWITCHING.replace(/Conn.*?\r\n/, "")),
      /answers 101|without/,
    ],
    ["101 alone", (socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n"), /./],
    ["closes", (socket) => socket.end(), /closed|hang up/],
    ["resets", (socket) => socket.resetAndDestroy(), /closed/],
    ["100 for ever", flood("HTTP/1.1 100 Continue\r\n\r\n"), /announces an answer again and again/],
    ["103 and silence", (socket) => socket.write("HTTP/1.1 103 Early Hints\r\n\r\n"), /did not answer/],
    ["204", (socket) => socket.write("HTTP/1.1 204 No Content\r\n\r\n"), /answers 204/],
    ["304", (socket) => socket.write("HTTP/1.1 304 Not Modified\r\n\r\n"), /answers 304/],
    ["HTTP/0.9", (socket) => socket.end("a 1\n"), /does not answer in HTTP: correct the address/],
    ["a header without end", flood(`x-more: ${"y".repeat(1_000)}\r\n`), /./],
    ["a long header", (socket) => socket.write("HTTP/1.1 200 OK\r\n") && flood("x: yyyyyyy\r\n")(socket), /./],
    ["a body that is cut off", (socket) => socket.end(GOOD.replace("4", "9")), /closed|aborted/],
    ["a body that stops", (socket) => socket.write(GOOD.replace("4", "9")), /did not answer/],
    ["a wrong gzip", encoded("gzip"), /called gzip, and is no whole one: look at/],
    ["br", encoded("br"), /answers in br, and only gzip was asked for/],
    [
      "a redirect nowhere",
      (socket) => socket.write("HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n"),
      /no valid address/,
    ],
    [
      "too much",
      (socket) => socket.write(`HTTP/1.1 200 OK\r\n\r\n${"a 1\n".repeat(300)}`),
      /over 1 KiB: raise the input's limit/,
    ],
  ];
  for (const [name, answer, reason] of answers) {
    const target = await rawTarget(answer);
    const client = new TargetClient(settingsOf(target.address), "administrator");
    const fetched = client.fetch(`http://${target.address}/`, { timeoutMs: 500, maxBytes: 1_024 });
    const outcome = await fetched.then(
      () => "an answer",
      (error: Error) => error.message,
    );
    assert.notEqual(outcome, "an answer", name);
    assert.match(outcome, reason, name);
    client.close();
    target.close();
  }
});

test("a connection that the target closes between two scrapes is opened again", async () => {
  const served = new WeakSet<Socket>();
  const target = await rawTarget((socket) => {
    if (served.has(socket)) socket.resetAndDestroy();
    else served.add(socket) && socket.write(GOOD);
  });
  const client = new TargetClient(settingsOf(target.address), "administrator");
  for (let n = 0; n < 20; n++) {
    const { body } = await client.fetch(`http://${target.address}/`, { timeoutMs: 5_000, maxBytes: 1_000 });
    assert.equal(body, "a 1\n");
  }
  client.close();
  target.close();
});

/** The scrapes of an input whose one target is at an address. */
function poolOf(address: string, store: LoopContext["store"]): ScrapePool {
  const settings = settingsOf(address);
  const client = new TargetClient(settings, "administrator");
  return new ScrapePool(new Discovery(settings, { folder: "/nowhere" }), { settings, client, maxBytes: 1_000, store });
}

test("an input is stopped although its target switches protocols or never answers", async () => {
  for (const answer of [(socket: Socket) => void socket.write(SWITCHING), () => undefined]) {
    const target = await rawTarget(answer);
    const pool = poolOf(target.address, () => Promise.resolve({ dropped: [] }));
    await pool.follow(Date.now());
    await eventually(async () => target.count() > 0, 10);
    await pool.stop(true);
    target.close();
  }
});

test("an input is stopped although what it scraped is never stored", async () => {
  const target = await rawTarget((socket) => socket.write(GOOD));
  let stores = 0;
  const store = () => {
    stores += 1;
    return new Promise<never>(() => undefined);
  };
  const pool = poolOf(target.address, store);
  await pool.follow(Date.now());
  await eventually(async () => stores > 0, 10);
  await pool.stop(true);
  target.close();
});
