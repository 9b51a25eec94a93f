import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createToken } from "#lib/access/api-tokens.ts";
import type { Database } from "#lib/db/client.ts";
import { signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";
import { DebianPrometheus, missingDebianPrometheus } from "../support/debian-prometheus.ts";
import { addInput } from "../support/inputs.ts";
import { RouteServer } from "../support/route-server.ts";

const skip = await missingDebianPrometheus();

/** An exporter whose series come and go, and that has what is no ordinary number. */
class MovingTarget {
  readonly #server: Server;
  #scrapes = 0;

  constructor() {
    this.#server = createServer((_, response) => {
      const n = this.#scrapes++;
      const rows = [
        `moving_requests_total ${n % 9 === 0 ? 0 : n * 7}`,
        `moving_odd{kind="nan"} NaN`,
        `moving_odd{kind="inf"} ${n % 2 ? "+Inf" : "-Inf"}`,
        `moving_odd{kind="large"} 1e308`,
        // Gone two scrapes of four: a stale marker each time.
        ...(n % 4 < 2 ? [`moving_pod{pod="a"} ${n}`] : [`moving_pod{pod="b${n % 8}"} ${n}`]),
      ];
      const types = "# HELP moving_requests_total All requests.\n# TYPE moving_requests_total counter\n";
      response.end(`${types}${rows.join("\n")}\n`);
    });
  }

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const configuration = (port: number, target: number, portal: string, token: string) => `
global: { scrape_interval: 1s, external_labels: { cluster: test } }
scrape_configs:
  - job_name: prometheus
    static_configs: [{ targets: ["127.0.0.1:${port}"] }]
  - job_name: moving
    static_configs: [{ targets: ["127.0.0.1:${target}", "127.0.0.1:1"] }]
remote_write:
  - url: ${portal}/prometheus/api/v1/write
    basic_auth: { username: prometheus, password: ${token} }
    metadata_config: { send_interval: 2s }
    queue_config: { capacity: 600, max_samples_per_send: 97, min_shards: 5, max_shards: 5, batch_send_deadline: 1s, min_backoff: 30ms, max_backoff: 500ms }
`;

type Result = { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] };

/** Series with their samples, without the label that only the portal has and those that only Prometheus adds when it sends. */
function comparable(results: Result[]): Record<string, unknown> {
  const named = results.map(({ metric, value, values }): [string, unknown] => {
    const { host: _, cluster: __, ...labels } = metric;
    const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    return [JSON.stringify(sorted), (values ?? [value ?? [0, ""]]).map(([at, text]) => [at, Number(text)])];
  });
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const QUERIES = [
  "up",
  "moving_pod",
  "count(moving_pod) by (pod)",
  "moving_odd",
  "rate(moving_requests_total[5s])",
  "increase(moving_requests_total[10s])",
  "resets(moving_requests_total[20s])",
  "sum by (job) (scrape_samples_scraped)",
  'count({__name__=~".+"})',
  "count_over_time(moving_pod[10s])",
  'absent(moving_pod{pod="a"})',
  "histogram_quantile(0.9, sum by (le) (rate(prometheus_http_request_duration_seconds_bucket[10s])))",
  "topk(3, go_memstats_alloc_bytes or prometheus_tsdb_head_series)",
  "last_over_time(moving_pod[30s])",
];

test("Debian's Prometheus scrapes itself and a target that changes, and sends it in small parts over five shards to a portal that is away for a while: everything that it holds is here", {
  skip,
}, async () => {
  const { db, url } = await freshDatabase();
  await signInRoles(db, url);
  const portal = new RouteServer();
  const target = new MovingTarget();
  await portal.open();
  const { token, hostId } = await addInput(db, "debian");
  const reader = await readToken(db);
  const targetPort = await target.open();
  const sender = await DebianPrometheus.start((port) => configuration(port, targetPort, portal.url, token));
  try {
    await sleep(8_000);
    await portal.close();
    await sleep(3_000);
    await portal.open();
    await sleep(8_000);
    const ask = async (path: string, parameters: Record<string, string>) => {
      const answer = await fetch(`${portal.url}/prometheus/api/v1/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${reader}` },
        body: new URLSearchParams(parameters),
      });
      const body = (await answer.json()) as { data?: { result: Result[] }; error?: string };
      assert.ok(body.data, body.error);
      return body.data.result;
    };
    // Until here all must have come: shards hold what they have for a second.
    const end = Math.floor(Date.now() / 1000) - 1;
    await sleep(4_000);
    const everything = { query: '{__name__=~".+"}[1h]', time: String(end) };
    const theirs = await sender.ask("query", everything);
    const [held, here] = [comparable(theirs.data?.result as Result[]), comparable(await ask("query", everything))];
    assert.ok(Object.keys(held).length > 300, `${Object.keys(held).length} series`);
    assert.deepEqual(Object.keys(here), Object.keys(held));
    assert.deepEqual(here, held);
    for (const query of QUERIES) {
      // Of each second, so that each stale marker is seen in what is no longer there.
      const range = { query, start: String(end - 18), end: String(end), step: "1" };
      const [ours, own] = [await ask("query_range", range), (await sender.ask("query_range", range)).data?.result];
      assert.ok(ours.length > 0, query);
      assertClose(comparable(ours), comparable(own as Result[]), query);
    }
    const kinds = await db.series.findMany({
      where: { hostId, metric: { in: ["moving_requests_total", "go_goroutines"] } },
    });
    assert.deepEqual(
      new Set(kinds.map(({ metric, kind, help }) => `${metric} ${kind} ${help}`)),
      new Set([
        "moving_requests_total counter All requests.",
        "go_goroutines gauge Number of goroutines that currently exist.",
      ]),
    );
  } finally {
    sender.remove();
    target.close();
    await portal.close();
  }
});

/** Equal series by series, and to 1e-9 of each value. */
function assertClose(ours: Record<string, unknown>, theirs: Record<string, unknown>, query: string): void {
  const rounded = (all: Record<string, unknown>) =>
    JSON.stringify(all, (_, value: unknown) =>
      typeof value !== "number" ? value : Number.isFinite(value) ? Number(value.toPrecision(9)) : String(value),
    );
  assert.equal(rounded(ours), rounded(theirs), query);
}

async function readToken(db: Database): Promise<string> {
  const user = await db.user.findFirstOrThrow({ where: { role: "viewer" } });
  const { token } = await createToken(db, user, { name: "reader", scopes: ["metrics:read"], days: 1 });
  return token;
}
