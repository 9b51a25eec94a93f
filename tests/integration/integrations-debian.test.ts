import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { get } from "node:http";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chartForHosts } from "#lib/catalogue/chart-expression.ts";
import type { Database } from "#lib/db/client.ts";
import { findIntegration, INTEGRATIONS } from "#lib/integrations/definitions/index.ts";
import type { Integration } from "#lib/integrations/parts/integration.ts";
import { remoteWriteYaml } from "#lib/integrations/parts/snippets.ts";
import { readIntegrationStates } from "#lib/integrations/read-states.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";
import { DebianExporters, missingDebianExporters } from "../support/debian-exporters.ts";
import { DebianPostgres, freePort, missingDebianPostgres } from "../support/debian-postgres.ts";
import { DebianPrometheus, missingDebianPrometheus } from "../support/debian-prometheus.ts";
import { eventually } from "../support/eventually.ts";
import { addInput } from "../support/inputs.ts";
import { RouteServer } from "../support/route-server.ts";

const missing = missingDebianPostgres() ?? (await missingDebianPrometheus()) ?? (await missingDebianExporters());
const skip = missing ?? false;

const SENDER = { url: "https://sightline.example", token: "sli_secret" };

/** What has no value while nothing is the matter, or on a machine such as those that run tests. */
const MAY_BE_EMPTY: Record<string, string[]> = {
  node_exporter: ["File systems used", "Disk reads", "Disk writes", "Disk busy", "Network in", "Network out"],
  prometheus: ["Rule evaluation, 90th percentile"],
};

const integration = (id: string): Integration => findIntegration(id) as Integration;

/** The texts of an integration's set-up by Prometheus, by the file or the shell that they are for. */
function textOf(id: string, where: string): string {
  const steps = integration(id).setups.find((setup) => setup.id === "prometheus")?.steps ?? [];
  const text = steps.find(({ code }) => code?.where.endsWith(where))?.code?.text(SENDER);
  assert.ok(text, `${id}: ${where}`);
  return text;
}

/** The arguments in a shown file such as /etc/default/prometheus-node-exporter. */
const argsOf = (id: string): string[] => (/^ARGS="(.*)"$/m.exec(textOf(id, "exporter"))?.[1] ?? "").split(" ");

let db: Database;
let hostId: number;
const portal = new RouteServer();
const closing: { remove: () => void }[] = [];
/** What keeps the watched programs busy: a rate needs something that grows. */
const traffic: (() => void)[] = [];

/** An nginx with the status page of the set-up. */
async function startNginx(programs: DebianExporters): Promise<number> {
  const [status, pages] = [await freePort(), await freePort()];
  traffic.push(() => void get({ port: pages, agent: false }).on("error", () => undefined));
  const shown = textOf("nginx", "status.conf").replace("8081", String(status));
  const config = `daemon off; pid ${programs.dir}/nginx.pid; error_log ${programs.dir}/error.log;
events {}
http {
access_log off;
server { listen 127.0.0.1:${pages}; location / { return 204; } }
${shown}}
`;
  programs.run("nginx-light", ["-p", programs.dir, "-c", programs.write("nginx.conf", config)]);
  return programs.serve("prometheus-nginx-exporter", "-web.listen-address", [
    ...["-nginx.retries=20", "-nginx.retry-interval=200ms"],
    ...argsOf("nginx").map((arg) => arg.replace("8081", String(status))),
  ]);
}

/** A server that the exporter reads as the role of the set-up. */
async function startPostgres(programs: DebianExporters): Promise<number> {
  const server = await DebianPostgres.start();
  closing.push(server);
  const client = await server.connect();
  const commands = [...textOf("postgresql", "Shell").matchAll(/apt-get/g)].length;
  assert.equal(commands, 1);
  const role = integration("postgresql").setups[0]?.steps[1]?.code?.text(SENDER) ?? "";
  for (const [, sql = ""] of role.matchAll(/--command "([^"]+)"/g)) await client.query(sql);
  await client.end();
  const source = /^DATA_SOURCE_NAME='(.*)'$/m.exec(textOf("postgresql", "postgres-exporter"))?.[1] ?? "";
  const address = source.replace("/run/postgresql", "127.0.0.1");
  assert.notEqual(address, source);
  const env = { DATA_SOURCE_NAME: `${address} port=${server.port} sslmode=disable` };
  return programs.serve("prometheus-postgres-exporter", "--web.listen-address", [], env);
}

async function startRedis(programs: DebianExporters): Promise<number> {
  const port = await freePort();
  programs.run("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", ""]);
  const commands = "SET a 1\r\nGET a\r\nGET none\r\n";
  traffic.push(
    () =>
      void connect(port, "127.0.0.1")
        .on("error", () => undefined)
        .end(commands),
  );
  const args = argsOf("redis").map((arg) => arg.replace("6379", String(port)));
  return programs.serve("prometheus-redis-exporter", "-web.listen-address", args);
}

/** The shown entries of scrape_configs with the ports of this test. */
const entriesOf = (ports: Record<string, number>): string =>
  Object.entries(ports)
    .map(([id, port]) => integration(id).scrape?.replace(/localhost:\d+/, `127.0.0.1:${port}`) ?? "")
    .map((entry) => `  - ${entry.trimEnd().replaceAll("\n", "\n    ")}\n`)
    .join("");

before(async () => {
  if (missing) return;
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  await portal.open();
  const input = await addInput(db, "debian");
  hostId = input.hostId;
  const programs = new DebianExporters();
  closing.push(programs);
  const [node, nginx, postgresql, redis] = await Promise.all([
    programs.serve("prometheus-node-exporter", "--web.listen-address", argsOf("systemd")),
    startNginx(programs),
    startPostgres(programs),
    startRedis(programs),
  ]);
  const prometheus = await DebianPrometheus.start((port) => {
    const entries = entriesOf({ node_exporter: node, nginx, postgresql, redis, prometheus: port });
    const sent = remoteWriteYaml({ url: portal.url, token: input.token });
    return `global: { scrape_interval: 1s }\nscrape_configs:\n${entries}\n${sent}`;
  });
  closing.push(prometheus);
  const isScraped = async () => {
    for (const send of traffic) send();
    const expression = "count_over_time(up[5m]) >= 5";
    const range = { from: Date.now() - MINUTE_MS, to: Date.now(), points: 60 };
    const { series } = await chartForHosts(db, { expression, host: hostId, ...range }, AbortSignal.timeout(10_000));
    return series.length === 5;
  };
  await eventually(async () => (await isScraped()) || (await sleep(500, false)), 60, "not all targets are scraped");
});

after(async () => {
  for (const each of closing) each.remove();
  if (!missing) await portal.close();
});

test("each configuration that is shown for Prometheus is one by Debian's promtool", { skip }, () => {
  const programs = new DebianExporters();
  closing.push(programs);
  const files = INTEGRATIONS.flatMap(({ id, setups }) =>
    setups.flatMap(({ steps }) =>
      steps.flatMap(({ code }, n) =>
        code?.language === "prometheus" ? [programs.write(`${id}-${n}.yml`, code.text(SENDER))] : [],
      ),
    ),
  );
  assert.ok(files.length >= 9, `${files.length} files`);
  const said = execFileSync("promtool", ["check", "config", ...files], { encoding: "utf8" });
  assert.equal(said.match(/SUCCESS/g)?.length, files.length, said);
});

for (const id of ["node_exporter", "prometheus", "postgresql", "nginx", "redis"])
  test(`what Debian's Prometheus sends of ${id} fills the dashboard`, { skip }, async () => {
    const state = (await readIntegrationStates(db, { host: hostId })).find((each) => each.id === id);
    assert.ok(state && state.series > 5, `${state?.series} series`);
    assert.ok(Date.now() - (state.lastSeenAt?.getTime() ?? 0) < MINUTE_MS);
    const empty: string[] = [];
    for (const { title, expression } of integration(id).panels) {
      const range = { from: Date.now() - 5 * MINUTE_MS, to: Date.now(), points: 100 };
      const { series } = await chartForHosts(db, { expression, host: hostId, ...range }, AbortSignal.timeout(10_000));
      const hasValue = series.some(({ points }) => points.some(([, value]) => value !== null));
      if (!hasValue && !MAY_BE_EMPTY[id]?.includes(title)) empty.push(`${title}: ${expression}`);
    }
    assert.deepEqual(empty, []);
  });

test("programs that send nothing are not taken for connected", { skip }, async () => {
  const connected = (await readIntegrationStates(db, { host: hostId })).filter(({ series }) => series > 0);
  assert.deepEqual(
    connected.map(({ id }) => id),
    ["node_exporter", "prometheus", "nginx", "postgresql", "redis"],
  );
});
