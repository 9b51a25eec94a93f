import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { RESOURCE_KINDS, type ResourceKind } from "#lib/contract/enums.ts";
import { openText, sealText } from "#lib/crypto/sealed.ts";
import { findBottlenecks, RESOURCE_TITLES } from "#lib/insights/bottlenecks.ts";
import type { Figures } from "#lib/insights/figures.ts";
import { findSignals } from "#lib/insights/maintenance.ts";
import type { Ongoing } from "#lib/insights/ongoing.ts";
import { type Findings, recommend } from "#lib/insights/recommendations.ts";
import { findTrends } from "#lib/insights/trends.ts";
import { inventedFigures, type Matter, wordByRules, wordMatter } from "#lib/insights/wording.ts";
import { metricInfo } from "#lib/metrics/catalogue.ts";
import { mean, quantile } from "#lib/stats/quantile.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

const NOW = 21 * DAY_MS;

let ids = 0;

function figures(metric: string, value: (at: number) => number, labels: Record<string, string> = {}): Figures {
  const points = Array.from({ length: 21 * 24 }, (_, n): [number, number] => [n * HOUR_MS, value(n * HOUR_MS)]);
  const values = points.map(([, v]) => v);
  const { unit, kind } = metricInfo(metric);
  return {
    ...{ id: ++ids, name: metric, metric, labels, unit, points, coveredMs: 21 * DAY_MS },
    rate: kind === "counter",
    mean: mean(values),
    p95: quantile(values, 0.95),
    last: values.at(-1) as number,
  };
}

const findingsOf = (day: Figures[], minutes: Figures[] = [], ongoing: Ongoing[] = []): Findings => ({
  ...{ day, minutes, ongoing, signals: findSignals(day, NOW), bottlenecks: findBottlenecks(day, minutes, 2) },
});

const going = (figure: Figures, severity: Ongoing["severity"]): Ongoing => ({
  ...{
    kind: "anomaly",
    id: 1,
    incidentId: 1,
    seriesId: figure.id,
    series: figure.name,
    severity,
    status: "open",
  },
  ...{ reason: "Reached 95.0 %", detectedAt: new Date(NOW) },
});

test("a disk that fills, a leak, a hot sensor, old transactions and a certificate are told with their evidence", () => {
  const signals = findSignals(
    [
      figures("disk.usage", (at) => 60 + at / DAY_MS, { mount: "/var" }),
      figures("disk.usage", () => 60, { mount: "/" }),
      figures("memory.usage", (at) => 30 + (2 * at) / DAY_MS),
      figures("system.temperature", () => 90, { sensor: "cpu" }),
      figures("postgres.wraparound", (at) => 40 + at / DAY_MS),
      figures("certificate.expires", (at) => (NOW + 5 * DAY_MS - at) / 1000, { certificate: "example.org" }),
    ],
    NOW,
  );
  const by = Object.fromEntries(signals.map((signal) => [`${signal.kind} ${signal.subject}`, signal]));
  assert.deepEqual(Object.keys(by).sort(), [
    "certificate example.org",
    "disk /var",
    "memory_leak Memory",
    "temperature cpu",
    "wraparound PostgreSQL",
  ]);
  const full = by["disk /var"]?.at ?? 0;
  assert.ok(Math.abs(full - (NOW + 19 * DAY_MS)) < 2 * DAY_MS, `${(full - NOW) / DAY_MS}`);
  assert.equal(by["certificate example.org"]?.severity, "critical");
  assert.ok(signals.every(({ evidence }) => evidence.length > 0 && evidence.every(({ seriesId }) => seriesId)));
});

test("the resource with the least headroom is named first, and a queue makes half a load full", () => {
  const bottlenecks = findBottlenecks(
    [
      figures("cpu.usage", () => 60),
      figures("load.5m", () => 9),
      figures("memory.usage", () => 70),
      figures("disk.busy", () => 20, { device: "sda" }),
    ],
    [],
    4,
  );
  assert.deepEqual(
    bottlenecks.map(({ resource, saturated }) => [resource, saturated]),
    [
      ["CPU", true],
      ["Memory", false],
      ["Disk sda", false],
    ],
  );
  assert.equal(
    findBottlenecks([figures("cpu.usage", () => 60), figures("load.5m", () => 3)], [], 4)[0]?.saturated,
    false,
  );
});

test("what is wrong now comes before what can wait: a busy, slow database before a disk that fills next week", () => {
  const day = [
    figures("disk.usage", (at) => 75 + at / DAY_MS, { mount: "/var" }),
    figures("cpu.usage", () => 30),
    figures("postgres.response", () => 40),
  ];
  const [cpu, slow] = [figures("cpu.usage", () => 95), figures("postgres.response", () => 3_000)];
  const minutes = [cpu, slow].map((own) => ({ ...own, coveredMs: 15 * MINUTE_MS }));
  const made = recommend(findingsOf(day, minutes, [going(slow, "critical"), going(cpu, "critical")]));
  assert.deepEqual(
    made.map(({ key, now }) => [key, now]),
    [
      ["database:response", true],
      ["bottleneck:cpu:", true],
      ["disk:/var", false],
    ],
  );
  assert.deepEqual(
    made[0]?.evidence.map(({ label, value }) => [label, value]),
    [["Mean of the past 15 min", 3_000]],
  );
});

test("a resource that is saturated in these minutes counts, whatever its day was", () => {
  const minutes = [{ ...figures("cpu.usage", () => 97), coveredMs: 15 * MINUTE_MS }];
  const [cpu] = findBottlenecks([figures("cpu.usage", () => 20)], minutes, 4);
  assert.deepEqual([cpu?.saturated, cpu?.now], [true, true]);
  assert.match(cpu?.evidence[0]?.label ?? "", /mean of the past 15 min/);
});

test("a minute of work after the installation is no bottleneck, and a window says how much it knows", () => {
  const young = { ...figures("cpu.usage", () => 97), coveredMs: 2 * MINUTE_MS };
  const found = findBottlenecks([young], [young], 4);
  assert.deepEqual([found[0]?.saturated, found[0]?.now], [false, false]);
  assert.match(found[0]?.evidence[0]?.label ?? "", /of the past 2 min$/);
  assert.deepEqual(recommend({ ...findingsOf([young], [young]), bottlenecks: found }), []);
});

test("every recommendation says why, what it brings, how to do it and how to undo it, the gravest first", () => {
  const all = [
    figures("disk.usage", (at) => 75 + at / DAY_MS, { mount: "/var" }),
    figures("cpu.usage", () => 95),
    figures("postgres.blocks.hit", () => 900),
    figures("postgres.blocks.read", () => 300),
    figures("postgres.rollbacks", () => 5),
    figures("postgres.commits", () => 10),
  ];
  const made = recommend(findingsOf(all));
  assert.deepEqual(
    made.map(({ key }) => key),
    ["disk:/var", "bottleneck:cpu:", "database:rollbacks", "database:cache"],
  );
  for (const recommendation of made) {
    assert.ok(
      recommendation.why &&
        recommendation.gain &&
        recommendation.undo &&
        recommendation.how.length > 0 &&
        recommendation.evidence.length > 0,
      recommendation.key,
    );
  }
});

test("a day is compared with the day before, and a week with the week before", () => {
  const [trend] = findTrends(
    [figures("cpu.usage", (at) => (at >= NOW - DAY_MS ? 30 : at >= NOW - 7 * DAY_MS ? 20 : 10))],
    NOW,
  );
  assert.deepEqual([trend?.day.now, trend?.day.before, trend?.week.before], [30, 20, 10]);
});

const MATTER: Matter = {
  title: "Free space on /var",
  why: "The file system is filling up",
  evidence: [
    { label: "Used", value: 94.3, unit: "percent", series: 'disk.usage{mount="/var"}' },
    { label: "Growth a day", value: 1.4, unit: "percent" },
  ],
};

test("rules word a matter with all its figures, and a figure that no evidence holds is seen", () => {
  assert.match(wordByRules(MATTER), /94.3 %.*1.4 %/);
  assert.deepEqual(inventedFigures("It is at 94.3 % and grows by 1.4 % a day.", MATTER), []);
  assert.deepEqual(inventedFigures("It is at 94.3 % and full in 4 days.", MATTER), ["4"]);
});

/** An endpoint as language models have it, which answers what it is told to and keeps what it was asked. */
async function withModel(text: string, work: (url: string, lastRequest: () => string) => Promise<void>): Promise<void> {
  let lastRequest = "";
  const server = createServer(async (request, response) => {
    lastRequest = request.headers.authorization ?? "";
    for await (const chunk of request) lastRequest += chunk;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ choices: [{ message: { content: text } }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, () => lastRequest);
  } finally {
    server.close();
  }
}

test("with names redacted, no recommendation sends a mount, a device or a sensor to the model", async () => {
  const all = [
    figures("disk.usage", (at) => 75 + at / DAY_MS, { mount: "/srv/secret" }),
    figures("disk.usage", () => 99, { mount: "/full/secret" }),
    figures("disk.busy", () => 99, { device: "secret0" }),
    figures("system.temperature", () => 99, { sensor: "secret sensor" }),
  ];
  const recommendations = recommend(findingsOf(all));
  assert.equal(recommendations.length, 4);
  await withModel("It is F1.", async (url, lastRequest) => {
    for (const recommendation of recommendations) {
      await wordMatter(recommendation, { url, model: "m", key: "k", redact: true });
      assert.doesNotMatch(lastRequest(), /secret/, recommendation.key);
    }
  });
});

test("a model's words are taken when its figures are true, refused when not, and rules stand in when it is away", async () => {
  const service = (url: string, redact = false) => ({ url, model: "m", key: "k-123", redact });
  await withModel("The file system is 94.3 % full.", async (url, lastRequest) => {
    assert.deepEqual(await wordMatter(MATTER, service(url)), { text: "The file system is 94.3 % full.", by: "model" });
    assert.match(lastRequest(), /Bearer k-123.*disk\.usage/);
  });
  await withModel("It is F1 full and grows by F2 a day.", async (url, lastRequest) => {
    const worded = await wordMatter(MATTER, service(url, true));
    assert.deepEqual(worded, { text: "It is 94.3 % full and grows by 1.4 % a day.", by: "model" });
    assert.doesNotMatch(lastRequest(), /disk\.usage|\/var|94|1\.4/);
  });
  await withModel("It will be full in 17 hours.", async (url) => {
    const worded = await wordMatter(MATTER, service(url));
    assert.equal(worded.by, "rules");
    assert.match(worded.refused ?? "", /17/);
  });
  const away = await wordMatter(MATTER, service("http://127.0.0.1:9/v1"));
  assert.equal(away.by, "rules");
  assert.equal((await wordMatter(MATTER, undefined)).refused, undefined);
});

test("a sealed secret opens under its own key only, and not when it was changed", () => {
  const sealed = sealText("sk-secret", "portal");
  assert.doesNotMatch(sealed, /secret/);
  assert.notEqual(sealed, sealText("sk-secret", "portal"));
  assert.equal(openText(sealed, "portal"), "sk-secret");
  assert.equal(openText(sealed, "another"), undefined);
  assert.equal(openText(`${sealed.slice(0, -2)}AA`, "portal"), undefined);
  assert.equal(openText("v0.x.y.z", "portal"), undefined);
});

/** Each kind of resource, as full as it gets. */
const FULL: Record<ResourceKind, Figures[]> = {
  cpu: [figures("cpu.usage", () => 99)],
  memory: [figures("memory.usage", () => 99)],
  disk: [figures("disk.busy", () => 99, { device: "sda" })],
  file_system: [figures("disk.usage", () => 99, { mount: "/var" })],
  inodes: [figures("disk.inodes.usage", () => 99, { mount: "/var" })],
  database_connections: [figures("postgres.connections.usage", () => 99)],
};

test("whatever resource is saturated, there is advice on it that names it", () => {
  for (const kind of RESOURCE_KINDS) {
    const bottlenecks = findBottlenecks(FULL[kind], [], 2);
    assert.deepEqual(
      bottlenecks.map((found) => [found.kind, found.saturated]),
      [[kind, true]],
    );
    const [advice, ...others] = recommend({ ...findingsOf(FULL[kind]), signals: [] });
    assert.ok(advice, kind);
    assert.equal(others.length, 0);
    assert.equal(advice.why, `${RESOURCE_TITLES[kind]} is saturated`);
    assert.ok(advice.how.length > 0 && advice.evidence.length > 0, kind);
    const subject = bottlenecks[0]?.subject ?? "";
    if (subject) assert.ok(advice.title.includes(subject), advice.title);
  }
});
