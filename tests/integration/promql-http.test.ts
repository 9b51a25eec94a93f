import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createToken } from "#lib/access/api-tokens.ts";
import { createUser } from "#lib/access/users.ts";
import type { Database } from "#lib/db/client.ts";
import { HOUR_MS } from "#lib/time/durations.ts";
import { compactDue } from "#lib/tsdb/maintenance.ts";
import { callRoute, signInRoles } from "../support/api.ts";
import { BORDER, COMPACTED_AT } from "../support/border.ts";
import { addHost, frame, freshDatabase } from "../support/database.ts";
import { DebianPrometheus, missingDebianPrometheus, type PrometheusAnswer } from "../support/debian-prometheus.ts";
import { assertSame, readAnswer } from "../support/prometheus-answers.ts";
import type { WrittenSeries } from "../support/remote-write.ts";
import { RouteServer } from "../support/route-server.ts";

const missing = await missingDebianPrometheus();
const skip = missing ?? false;

const STEP_MS = 15_000;
const COUNT = 400;
/** Across a border, so that what is read is partly compacted. */
const START = BORDER - HOUR_MS;
const HOSTS = ["db-01", "db-02", "web-1", "web-2", "web-3"];

/** What a host measures at a step; null is a value that could not be had. */
const measured = (host: number, n: number): [string, number | null, Record<string, string>?][] => [
  ["cpu.usage", host === 1 && n % 9 < 3 ? null : 50 + 40 * Math.sin(n / (10 + host))],
  ["network.receive.bytes", ((n * (host + 1) * 1_500) % 900_000) + 0.25, { interface: "eth0" }],
  ["network.receive.bytes", n * 10, { interface: "lo" }],
  ...["0.1", "1", "+Inf"].map((le, i): [string, number, Record<string, string>] => [
    "http_request_duration_seconds_bucket",
    n * (i + 1) * (host + 1),
    { le, route: "/cart" },
  ]),
];
const isSilent = (host: number, n: number) => host === 2 && n > 100 && n < 160;

let db: Database;
let token: string;
let prometheus: DebianPrometheus;
const portal = new RouteServer();

/** Writes the same to the store and, as it is seen through PromQL, to Prometheus. */
async function write(): Promise<WrittenSeries[]> {
  const columns = new Map<string, { labels: Record<string, string>; times: number[]; values: number[] }>();
  for (const [host, name] of HOSTS.entries()) {
    const { writer } = await addHost(db, name);
    for (let n = 0; n < COUNT; n++) {
      if (isSilent(host, n)) continue;
      const at = START + n * STEP_MS;
      const readings = measured(host, n);
      await writer.append(frame(at, readings, STEP_MS));
      for (const [metric, value, labels = {}] of readings) {
        if (value === null) continue;
        const seen = { ...labels, __name__: metric.replaceAll(".", "_"), host: name };
        const key = JSON.stringify(seen);
        const column = columns.get(key) ?? { labels: seen, times: [] as number[], values: [] as number[] };
        columns.set(key, column);
        column.times.push(at);
        column.values.push(value);
      }
    }
  }
  return [...columns.values()].map((column) => ({ ...column, values: Float64Array.from(column.values) }));
}

before(async () => {
  process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  const user = await createUser(db, {
    email: "grafana@example.org",
    password: "velvet otter piano 42",
    role: "viewer",
  });
  token = (await createToken(db, user, { name: "grafana", days: 1, scopes: ["metrics:read"] })).token;
  await portal.open();
  const written = await write();
  await compactDue(db, COMPACTED_AT);
  if (missing) return;
  prometheus = await DebianPrometheus.start();
  await prometheus.write(written);
});

after(async () => {
  prometheus?.remove();
  await portal.close();
});

const basic = () => `Basic ${Buffer.from(`grafana:${token}`).toString("base64")}`;

/** Asks the portal as Grafana does: a form, and the token as a password. */
async function ask(path: string, parameters: Record<string, string>, authorization = basic()) {
  const response = await fetch(`${portal.url}/prometheus/api/v1/${path}`, {
    method: "POST",
    headers: { authorization },
    body: new URLSearchParams(parameters),
  });
  return { status: response.status, answer: (await response.json()) as PrometheusAnswer };
}

const EXPRESSIONS = `
cpu_usage
cpu_usage{host=~"web.*"} offset 5m
{__name__=~"cpu_usage|network_receive_bytes", host!="web-1"}
sum(rate(network_receive_bytes[5m]))
sum by (host) (rate(network_receive_bytes{interface!="lo"}[3m])) > 2000
topk(2, avg_over_time(cpu_usage[10m]))
max by (host) (cpu_usage) - min by (host) (cpu_usage offset 10m)
histogram_quantile(0.9, sum by (le, host) (rate(http_request_duration_seconds_bucket[5m])))
cpu_usage / on (host) group_left (interface) network_receive_bytes{interface="eth0"}
absent(cpu_usage{host="web-9"})
count_over_time(cpu_usage[10m])
predict_linear(network_receive_bytes{interface="lo"}[10m], 3600)
max_over_time(rate(network_receive_bytes[2m])[20m:1m])
increase(network_receive_bytes{host="web-2"}[1h])
changes(cpu_usage[10m]) + resets(network_receive_bytes{interface="eth0"}[10m]) or vector(7)
label_replace(cpu_usage, "role", "$1", "host", "(\\\\w+)-.*")
quantile_over_time(0.95, cpu_usage[15m])
timestamp(cpu_usage)
stddev(cpu_usage) without (host)
1e21 * vector(1) or vector(-0.0000001)
scalar(count(cpu_usage)) + 0.5
"text"
cpu_usage[1m]
rate(network_receive_bytes[5m])[10m:2m]
`
  .split("\n")
  .filter(Boolean);

for (const query of EXPRESSIONS)
  test(`${query} over HTTP is what Debian's Prometheus answers for the same samples`, { skip }, async () => {
    for (const at of [START + 60_000, START + 1_000_000, START + 2_000_500, START + 5_900_000, START + 6_300_000]) {
      const parameters = { query, time: String(at / 1000) };
      const [own, other] = [await ask("query", parameters), await prometheus.ask("query", parameters)];
      assert.equal(own.answer.data?.resultType, other.data?.resultType, JSON.stringify(own.answer).slice(0, 200));
      assertSame(readAnswer(own.answer), readAnswer(other), `${query} at ${at - START}`);
    }
    const range = { query, start: String(START / 1000 - 60), end: String(START / 1000 + 6_400), step: "47" };
    const [own, other] = [await ask("query_range", range), await prometheus.ask("query_range", range)];
    assertSame(readAnswer(own.answer), readAnswer(other), `${query} over a range`);
    if (own.answer.status === "success") assert.equal(own.status, 200);
  });

const WRONG: [string, Record<string, string>][] = [
  ["query", { query: "sum(" }],
  ["query", { query: "" }],
  ["query", { query: "1", time: "yesterday" }],
  ["query", { query: "1", timeout: "soon" }],
  ["query", { query: "cpu_usage * on (host) network_receive_bytes", time: String(START / 1000 + 60) }],
  ["query", { query: "cpu_usage + on (interface) group_left cpu_usage", time: String(START / 1000 + 60) }],
  ["query_range", { query: "1", start: "0", end: "10", step: "0" }],
  ["query_range", { query: "1", start: "0", end: "10", step: "x" }],
  ["query_range", { query: "1", start: "10", end: "0", step: "1" }],
  ["query_range", { query: "1", start: "0", end: "12000", step: "1" }],
  ["query_range", { query: "cpu_usage[5m]", start: "0", end: "10", step: "1" }],
  ["query_range", { query: "1", end: "10", step: "1" }],
  ["series", {}],
  ["series", { "match[]": "{}" }],
];

for (const [path, parameters] of WRONG)
  test(`${path} refuses ${JSON.stringify(parameters)} with the kind and the status of Prometheus`, {
    skip,
  }, async () => {
    const { status, answer } = await ask(path, parameters);
    const response = await fetch(`${prometheus.url}/api/v1/${path}`, {
      method: "POST",
      body: new URLSearchParams(parameters),
    });
    const other = (await response.json()) as PrometheusAnswer;
    assert.deepEqual([status, answer.status, answer.errorType], [response.status, "error", other.errorType]);
    assert.ok((answer.error ?? "").length > 10);
  });

test("series, labels and values of labels are those of Debian's Prometheus", { skip }, async () => {
  const theirs = async (path: string) =>
    ((await (await fetch(`${prometheus.url}/api/v1${path}`)).json()) as { data: unknown[] }).data;
  const ours = async (path: string, id = "") => {
    const [route = "", search = ""] = path.split("?");
    const described = {
      method: "get",
      path: id ? route.replace(`/${id}/`, "/{name}/") : route,
      protocol: "prometheus",
    } as const;
    const response = await callRoute(described, search && `?${search}`, {
      id,
      headers: { authorization: `Bearer ${token}` },
    });
    return ((await response.json()) as { data: unknown[] }).data;
  };
  const sorted = (data: unknown[]) => data.map((item) => JSON.stringify(item)).sort();
  const match = "match[]=cpu_usage&match[]=network_receive_bytes{interface=%22lo%22}";
  assert.deepEqual(sorted(await ours(`/series?${match}`)), sorted(await theirs(`/series?${match}`)));
  assert.deepEqual(await ours("/labels"), await theirs("/labels"));
  assert.deepEqual(await ours(`/labels?${match}`), await theirs(`/labels?${match}`));
  assert.deepEqual(await ours("/label/host/values", "host"), HOSTS);
  for (const name of ["host", "__name__", "le", "nothing"])
    assert.deepEqual(await ours(`/label/${name}/values`, name), await theirs(`/label/${name}/values`));
});

test("series, labels and values of a time leave out what ended before it or began after it", async () => {
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (path: string, search: string, id = "") => {
    const response = await callRoute({ method: "get", path, protocol: "prometheus" }, search, { id, headers });
    return { code: response.status, ...((await response.json()) as { data: unknown[] }) };
  };
  const hosts = async (period: string) => (await ask("/label/{name}/values", `?${period}`, "host")).data;
  const [first, last] = [START / 1_000, (START + (COUNT - 1) * STEP_MS) / 1_000];
  const [day, month] = [86_400, 31 * 86_400];
  for (const period of [`start=${first}`, `end=${last}`, `start=${first}&end=${last}`, `start=${last}&end=${last}`])
    assert.deepEqual(await hosts(period), HOSTS, period);
  for (const period of [`start=${last + 2 * day}`, `end=${first - month}`, "end=-1e300", "start=1e300"]) {
    assert.deepEqual(await hosts(period), [], period);
    assert.deepEqual((await ask("/series", `?match[]=cpu_usage&${period}`)).data, [], period);
    assert.deepEqual((await ask("/labels", `?${period}`)).data, [], period);
    assert.deepEqual((await ask("/label/{name}/values", `?${period}`, "__name__")).data, [], period);
  }
  for (const period of ["start=x", `start=${last}&end=${first}`])
    assert.equal((await ask("/labels", `?${period}`)).code, 400, period);
});

const get = (path: string, headers: Record<string, string> = {}, search = "") =>
  callRoute({ method: "get", path, protocol: "prometheus" }, search, { headers });

test("Grafana's questions when a data source is saved and explored are answered", async () => {
  const headers = { authorization: `Bearer ${token}` };
  const build = (await (await get("/status/buildinfo", headers)).json()) as { data: { version: string } };
  assert.equal(build.data.version, "2.42.0");
  const probe = await get("/query", headers, "?query=1%2B1&time=4");
  assert.deepEqual(await probe.json(), { status: "success", data: { resultType: "scalar", result: [4, "2"] } });
  const metadata = (await (await get("/metadata", headers, "?metric=cpu_usage")).json()) as { data: object };
  assert.deepEqual(metadata.data, {
    cpu_usage: [{ type: "gauge", help: "Time not idle, of all cores together", unit: "percent" }],
  });
  const limited = (await (await get("/metadata", headers, "?limit=1&limit_per_metric=3")).json()) as { data: object };
  assert.equal(Object.keys(limited.data).length, 1);
});

test("without a token, or with one that may not read metrics, the answer is an error in Prometheus' form", async () => {
  const refused = async (headers: Record<string, string>) => {
    const response = await get("/query", headers, "?query=1");
    const body = (await response.json()) as PrometheusAnswer;
    return [response.status, body.status, body.errorType];
  };
  assert.deepEqual(await refused({}), [401, "error", "unauthenticated"]);
  const forged = Buffer.from("grafana:slt_forged").toString("base64");
  assert.deepEqual(await refused({ authorization: `Basic ${forged}` }), [401, "error", "unauthenticated"]);
  assert.deepEqual(await refused({ authorization: "Basic !!!" }), [401, "error", "unauthenticated"]);
  const user = await db.user.findFirstOrThrow({ where: { email: "grafana@example.org" } });
  const narrow = await createToken(db, user, { name: "hosts", days: 1, scopes: ["hosts:read"] });
  assert.deepEqual(await refused({ authorization: `Bearer ${narrow.token}` }), [403, "error", "forbidden"]);
  // A password is a token for Prometheus' API only.
  const elsewhere = await callRoute({ method: "get", path: "/hosts" }, "", { headers: { authorization: basic() } });
  assert.equal(elsewhere.status, 401);
});

test("a query that takes longer than it may is a timeout, as is said by 503", async () => {
  const { status, answer } = await ask("query", { query: "sum(rate(cpu_usage[6h:1s]))", timeout: "1ms" });
  assert.deepEqual([status, answer.errorType], [503, "timeout"]);
});
