import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { before, test } from "node:test";
import { prometheus } from "#lib/contract/prometheus.ts";
import { type Database, database, openDatabase } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { createInput, readInput, renewToken, updateInput } from "#lib/inputs/inputs.ts";
import { inputCounters, storeIncoming } from "#lib/inputs/store-incoming.ts";
import { queryInstant } from "#lib/promql/engine.ts";
import { StoreReader } from "#lib/promql/store/store-reader.ts";
import { callRoute, signInRoles } from "../support/api.ts";
import { addHost, freshDatabase } from "../support/database.ts";
import { addInput, allSamples, inputPart } from "../support/inputs.ts";
import { encodeHistogram } from "../support/native-histogram.ts";
import { encodeVersion1, encodeVersion2, VERSION_1, VERSION_2, type WrittenSeries } from "../support/remote-write.ts";
import { snappy } from "../support/snappy.ts";

let db: Database;
let url: string;
before(async () => {
  ({ db, url } = await freshDatabase());
  await signInRoles(db, url);
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const basic = (token: string) => ({ authorization: `Basic ${Buffer.from(`x:${token}`).toString("base64")}` });

const send = (message: Buffer, headers: Record<string, string>) =>
  callRoute(prometheus.write, "", { bytes: snappy(message), headers });

const series = (name: string, at: number, value = 1, more: Partial<WrittenSeries> = {}): WrittenSeries => ({
  ...{ labels: { __name__: name, job: "shop", instance: "a:80" }, times: [at], values: Float64Array.of(value) },
  ...more,
});

const written = (answer: Response) =>
  ["samples", "histograms", "exemplars"].map((what) => answer.headers.get(`x-prometheus-remote-write-${what}-written`));

test("both versions are stored and answered 204 with what was written, by Bearer and by Basic, and once more the same", async () => {
  const { token, hostId } = await addInput(db, "both");
  const now = Date.now();
  const first = await send(encodeVersion1([series("up", now), series("down", now, 2)]), {
    ...VERSION_1,
    ...bearer(token),
  });
  assert.deepEqual([first.status, written(first), await first.text()], [204, ["2", "0", "0"], ""]);
  const typed = { metadata: { type: 1, help: "Requests", unit: "" } };
  for (let n = 0; n < 2; n++) {
    const answer = await send(encodeVersion2([series("up", now), series("requests_total", now, 3, typed)]), {
      ...VERSION_2,
      ...basic(token),
    });
    assert.deepEqual([answer.status, written(answer)], [204, ["2", "0", "0"]]);
  }
  const rows = await db.series.findMany({ where: { hostId }, orderBy: { id: "asc" } });
  assert.deepEqual(
    rows.map(({ metric, kind }) => `${metric} ${kind}`),
    ["up gauge", "down gauge", "requests_total counter"],
  );
  assert.deepEqual(
    Object.values(await allSamples(db, hostId)).map((own) => own.length),
    [1, 1, 1],
  );
  // Senders of before 1.0 name neither type nor encoding.
  const bare = await send(encodeVersion1([series("up", now + 1)]), bearer(token));
  assert.equal(bare.status, 204);
  const [host] = (await listHosts(db)).filter(({ id }) => id === hostId);
  assert.deepEqual(host?.system, { kind: "input", input: "remote_write" });
});

test("a native histogram is written, counted in the answer, and has quantiles", async () => {
  const { token, hostId } = await addInput(db, "native");
  const now = Date.now();
  const histogram = (at: number, count: number) =>
    encodeHistogram({
      ...{ at, schema: 2, sum: 3 * count },
      positive: [
        [4, count],
        [8, count],
      ],
    });
  const none = { times: [], values: new Float64Array() };
  const bytes = [histogram(now - 60_000, 10), histogram(now, 70)];
  const answer = await send(
    encodeVersion2([series("up", now), series("wait_seconds", now, 0, { ...none, histograms: bytes })]),
    { ...VERSION_2, ...bearer(token) },
  );
  assert.deepEqual([answer.status, written(answer)], [204, ["1", "2", "0"]]);
  const reader = new StoreReader(db, [{ id: hostId, name: "native" }]);
  const found = await queryInstant(reader, "histogram_quantile(0.75, rate(wait_seconds_bucket[2m]))", now);
  // Half are in (1, 2], half in (2, 4]: three quarters are at 3.
  assert.deepEqual(found.type === "vector" && found.samples.map(({ value }) => Math.round(value * 1e6) / 1e6), [3]);
});

test("what must not be sent again is answered 400 with the reason, and what was good of it is stored", async () => {
  const { token, hostId } = await addInput(db, "partly");
  const now = Date.now();
  const answer = await send(
    encodeVersion2([
      series("up", now),
      series("old", 1_000),
      series("ahead", now + 3_600_000),
      series("", now),
      series("latency", now, 0, {
        times: [],
        values: new Float64Array(),
        histograms: [Buffer.from([0x5a, 0x02, 0x10, 0x01])],
      }),
    ]),
    { ...VERSION_2, ...bearer(token) },
  );
  assert.deepEqual([answer.status, written(answer)], [400, ["1", "0", "0"]]);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
  const text = await answer.text();
  for (const reason of ["4 samples are dropped", "too_old", "ahead_of_clock", "invalid_name", "native_histogram"])
    assert.ok(text.includes(reason), text);
  await inputCounters(database()).flush();
  const info = await readInput(db, hostId);
  assert.deepEqual([info.stored, info.dropped.length], [1, 4]);
});

test("other types and encodings, broken bodies and bombs are refused, each with its status, and counted", async () => {
  const { token, hostId } = await addInput(db, "refused", { maxBodyKib: 64 });
  const good = encodeVersion1([series("up", Date.now())]);
  const call = async (bytes: Buffer, headers: Record<string, string>) => {
    const answer = await callRoute(prometheus.write, "", { bytes, headers: { ...bearer(token), ...headers } });
    return `${answer.status} ${await answer.text()}`;
  };
  assert.match(
    await call(snappy(good), { ...VERSION_1, "content-type": "application/json" }),
    /^415 .*prometheus.WriteRequest, .*v2\.Request/,
  );
  assert.match(await call(snappy(good), { ...VERSION_1, "content-type": "application/x-protobuf;proto=x.Y" }), /^415 /);
  assert.match(await call(snappy(good), { ...VERSION_1, "content-encoding": "gzip" }), /^415 .*snappy/);
  assert.match(await call(good, VERSION_1), /^400 |^413 /);
  assert.match(await call(snappy(good.subarray(0, good.length - 3)), VERSION_1), /^400 .*protobuf/);
  assert.match(await call(snappy(good), VERSION_2), /^400 .*1\.0/);
  assert.match(await call(snappy(Buffer.alloc(70_000)), VERSION_1), /^413 .*64 KiB/);
  assert.match(await call(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]), VERSION_1), /^413 /);
  assert.match(await call(snappy(Buffer.alloc(0)), VERSION_1), /^204 $/);
  await inputCounters(database()).flush();
  const { refused, problem, stored } = await readInput(db, hostId);
  assert.deepEqual([refused, stored], [8, 0]);
  assert.match(problem ?? "", /KiB/);
});

test("a token opens its own way in and nothing else; one that was renewed, or whose input is turned off, opens nothing", async () => {
  const made = await createInput(db, { name: "doors", kind: "remote_write" }, null);
  const other = await createInput(db, { name: "other way", kind: "otlp" }, null);
  const message = encodeVersion1([series("up", Date.now())]);
  const status = async (headers: Record<string, string>) => (await send(message, { ...VERSION_1, ...headers })).status;
  assert.equal(await status(bearer(made.token)), 204);
  assert.equal(await status(bearer(other.token)), 403);
  assert.equal(await status(bearer(`sli_${"x".repeat(43)}`)), 401);
  assert.equal(await status({}), 401);
  for (const path of ["/hosts", "/inputs", "/settings"]) {
    const answer = await callRoute({ method: "get", path }, "", { headers: bearer(made.token) });
    assert.equal(answer.status, 403, path);
  }
  const query = await callRoute(prometheus.query, "?query=up", { headers: bearer(made.token) });
  assert.equal(query.status, 403);
  const { token } = await renewToken(db, made.id);
  assert.deepEqual([await status(bearer(made.token)), await status(bearer(token))], [401, 204]);
  await updateInput(db, made.id, { enabled: false });
  assert.equal(await status(bearer(token)), 403);
  assert.equal(await db.input.count({ where: { tokenHash: { contains: token } } }), 0, "only a hash of it is kept");
});

test("labels that name another host change nothing there: an input has a host of its own", async () => {
  const { hostId: another } = await addHost(db, "victim");
  const { token } = await addInput(db, "impostor");
  const labels = { __name__: "cpu.usage", host: "victim", host_id: String(another), instance: "victim" };
  const answer = await send(encodeVersion1([series("", Date.now(), 1, { labels })]), {
    ...VERSION_1,
    ...bearer(token),
  });
  assert.equal(answer.status, 204);
  assert.equal(await db.series.count({ where: { hostId: another } }), 0);
  assert.equal(await db.frame.count({ where: { hostId: another } }), 0);
});

test("inputs are made, listed, renamed, deleted by the API; the token is shown once, and what came stays", async () => {
  const call = async (method: "get" | "post" | "patch" | "delete", path: string, body?: unknown, id?: number) => {
    const answer = await callRoute({ method, path }, "", {
      role: "admin",
      body,
      id: id === undefined ? undefined : String(id),
    });
    return {
      status: answer.status,
      body: answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>),
    };
  };
  const made = await call("post", "/inputs", { name: "API", kind: "remote_write", max_series: 5 });
  const { id, token } = made.body as { id: number; token: string };
  assert.deepEqual([made.status, /^sli_[\w-]{43}$/.test(token), made.body.max_series], [201, true, 5]);
  await send(encodeVersion1([series("up", Date.now())]), { ...VERSION_1, ...bearer(token) });
  assert.equal((await call("post", "/inputs", { name: "API", kind: "otlp" })).status, 409);
  assert.equal((await call("post", "/inputs", { name: "x", kind: "smoke" })).status, 400);
  assert.equal((await call("patch", "/inputs/{id}", { name: "Renamed", max_series: 7 }, id)).body.max_series, 7);
  assert.equal((await call("patch", "/inputs/{id}", { name: "both" }, id)).status, 409);
  assert.doesNotMatch(JSON.stringify((await call("get", "/inputs")).body), /sli_|token_hash/);
  assert.equal((await listHosts(db)).find((host) => host.id === id)?.name, "Renamed");
  assert.equal((await call("delete", "/inputs/{id}", undefined, id)).status, 204);
  assert.equal((await call("get", "/inputs/{id}", undefined, id)).status, 404);
  assert.ok((await listHosts(db, Date.now(), { retired: true })).some((host) => host.id === id));
  assert.equal(Object.keys(await allSamples(db, id)).length, 1);
  assert.doesNotMatch(JSON.stringify(await db.auditEvent.findMany()), new RegExp(token));
});

test("whatever was answered is there after the process is killed at any point, and sending all of it again changes nothing", async () => {
  const { token: _, ...input } = await addInput(db, "killed", { maxSamplesPerSecond: 10_000_000 });
  const start = Date.now() - 3_600_000;
  let next = 0;
  for (let kill = 0; kill < 4; kill++) {
    const child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, "..", "support", "input-writer.ts"),
        url,
        JSON.stringify(input),
        String(start),
        String(next),
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
      if (output.split("\n").length > 8 + 5 * kill) child.kill("SIGKILL");
    });
    await once(child, "close");
    next = Math.max(
      next,
      ...output
        .trim()
        .split("\n")
        .map((line) => Number(line) + 1),
    );
  }
  const stored = async () => {
    const all = await allSamples(db, input.hostId);
    return new Map(Object.entries(all).map(([name, own]) => [name, new Map(own)]));
  };
  const parts = Array.from({ length: next + 1 }, (_, n) => [0, 1, 2].flatMap((shard) => inputPart(start, n, shard)));
  const found = await stored();
  for (const { metric, labels, samples } of parts.slice(0, next).flat())
    for (const { at } of samples)
      assert.ok(
        found.get(`${metric}{instance="${labels.instance}",job="kill",n="${labels.n}"}`)?.has(at),
        `${labels.n} ${at}`,
      );
  const again = openDatabase(url, { maxConnections: 2 });
  await storeIncoming(again, input, parts.flat(), Date.now());
  const whole = await stored();
  assert.equal(whole.size, 180);
  for (const own of whole.values()) assert.equal(own.size, next + 1);
  await again.$disconnect();
});
