import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Database } from "#lib/db/client.ts";
import { isDomainError } from "#lib/errors.ts";
import { updateInput } from "#lib/inputs/inputs.ts";
import { trustOf } from "#lib/notify/outgoing.ts";
import { readConfig } from "#lib/scrape/config/read-config.ts";
import { TargetClient } from "#lib/scrape/run/fetch-target.ts";
import { ScrapeManager } from "#lib/scrape/run/scrape-manager.ts";
import { Scraping } from "#lib/scrape/run/scraping.ts";
import { changeInput, listTargets, readWithScrape } from "#lib/scrape/scrape-inputs.ts";
import { tryScrape } from "#lib/scrape/try-scrape.ts";
import { callRoute, signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { allSamples } from "../support/inputs.ts";
import { addScrapeInput, TestTarget } from "../support/scrape.ts";

process.env.NEXTAUTH_SECRET ??= "a secret of the tests, long enough for all";

let db: Database;
let url: string;
before(async () => {
  ({ db, url } = await freshDatabase());
});

const STALE = 0x7ff0000000000002n;
const jobOf = (targets: string[], more: object = {}) => ({
  ...{ job_name: "t", scrape_interval: "1s", scrape_timeout: "700ms", static_configs: [{ targets }], ...more },
});

/** Has all inputs scraped while something is done. */
async function scraping(work: (manager: ScrapeManager) => Promise<void>): Promise<void> {
  const manager = new ScrapeManager(db);
  try {
    await manager.follow();
    await work(manager);
  } finally {
    await manager.close();
  }
}

test("a target that hangs, refuses, answers 500, never ends, is a gzip bomb, HTML, broken or no UTF-8 is down with the reason, and delays no good one", async () => {
  const good = await TestTarget.open(
    (_, response) => void response.setHeader("content-type", "text/plain").end("a 1\n"),
  );
  const odd: Record<string, TestTarget> = {};
  const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, "a 1\n"));
  const answers: [string, RegExp, Parameters<typeof TestTarget.open>[0]][] = [
    ["hangs", /did not answer within 0.7 s/, () => undefined],
    ["fails", /answers 500 Internal Server Error/, (_, response) => void response.writeHead(500).end("a 1\n")],
    [
      "endless",
      /over 1 MiB: raise body_size_limit|did not answer/,
      (_, response) => {
        const timer = setInterval(() => response.write(`${"a 1\n".repeat(50_000)}`), 2);
        response.on("close", () => clearInterval(timer));
      },
    ],
    [
      "bomb",
      /over 1 MiB: raise body_size_limit/,
      (_, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
    ],
    [
      "html",
      /answers text\/html, which is no page of metrics.*Line 1/,
      (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>\n"),
    ],
    ["broken", /Line 2 is broken/, (_, response) => void response.end("a 1\nb\n")],
    ["zero", /Line 1 is broken/, (_, response) => void response.end("a\u0000 1\n")],
    ["bytes", /no UTF-8/, (_, response) => void response.end(Buffer.from([0x61, 0xff, 0x20, 0x31]))],
    [
      "many",
      /over the sample_limit of 100/,
      (_, response) =>
        void response.end(Array.from({ length: 10_000 }, (_row, n) => `m${Math.random()} ${n}`).join("\n")),
    ],
    [
      "redirects",
      /not sent to|nothing is sent to/,
      (_, response) => void response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
    ],
  ];
  for (const [name, , listener] of answers) odd[name] = await TestTarget.open(listener);
  const targets = [good.address, ...Object.values(odd).map(({ address }) => address), "127.0.0.1:1"];
  const id = await addScrapeInput(db, "odd", jobOf(targets, { body_size_limit: "1MB", sample_limit: "100" }));
  await scraping((manager) =>
    eventually(async () => {
      await manager.follow();
      return (await listTargets(db, id)).targets.every(({ health }) => health !== "unknown") && good.requests > 2;
    }, 10),
  );
  const listed = new Map(
    (await listTargets(db, id)).targets.map((target) => [target.discoveredLabels.__address__, target]),
  );
  for (const [name, reason] of answers) {
    const { health, error } = listed.get(odd[name]?.address ?? "") ?? {};
    assert.equal(health, "down", name);
    assert.match(error ?? "", reason, name);
  }
  assert.match(listed.get("127.0.0.1:1")?.error ?? "", /nobody listens/);
  assert.equal(listed.get(good.address)?.health, "up");
  const { targets: counts } = await readWithScrape(db, id);
  assert.deepEqual(counts, { up: 1, down: targets.length - 1, unknown: 0, dropped: 0, problem: null });
  assert.ok(good.requests >= 2 && good.connections === 1, `${good.requests} requests, ${good.connections} connections`);
  const samples = await allSamples(db, id);
  assert.ok((samples[`a{instance="${good.address}",job="t"}`]?.length ?? 0) >= 2);
  assert.deepEqual(Object.keys(samples).filter((name) => name.startsWith("up{")).length, targets.length);
  assert.ok(!Object.keys(samples).some((name) => name.startsWith("m0")), "nothing of what is over its limit");
  await updateInput(db, id, { enabled: false });
  for (const target of [good, ...Object.values(odd)]) await target.close();
});

test("series that end, and those of a target that goes away or is taken out, get stale markers; one that comes back goes on", async () => {
  let n = 0;
  const target = await TestTarget.open(
    (_, response) => void response.end(`steady 1\nmoving{n="${n++ % 2}"} 1\ntimed 1 ${Date.now()}\n`),
  );
  const id = await addScrapeInput(db, "moving", jobOf([target.address]));
  const upName = `up{instance="${target.address}",job="t"}`;
  await scraping(async (manager) => {
    const isOf = async (state: string) => {
      await manager.follow();
      return (await listTargets(db, id)).targets[0]?.health === state;
    };
    await eventually(async () => target.requests > 1 && (await isOf("up")), 10);
    await target.close();
    await eventually(() => isOf("down"), 10);
    await target.open();
    await eventually(() => isOf("up"), 10);
    await changeInput(db, id, { scrape: JSON.stringify(jobOf(["127.0.0.1:1"])) }, { role: "admin" });
    await manager.follow();
    await eventually(async () => (await allSamples(db, id))[upName]?.at(-1)?.[1] === STALE, 10);
  });
  const samples = await allSamples(db, id);
  const label = `instance="${target.address}",job="t"`;
  const stale = (name: string) => samples[name]?.map(([, bits]) => bits === STALE) ?? [];
  const [steady, up, moving] = [stale(`steady{${label}}`), stale(`up{${label}}`), stale(`moving{${label},n="0"}`)];
  assert.ok(
    steady.slice(0, -1).includes(true) && steady.at(-1) === true && steady.lastIndexOf(false) > steady.indexOf(true),
    String(steady),
  );
  assert.ok(!up.slice(0, -1).includes(true) && up.at(-1) === true, "up is stale only once it is scraped no more");
  assert.ok(moving.includes(true));
  assert.ok(!stale(`timed{${label}}`).includes(true), "what has a time of its own gets none");
  await updateInput(db, id, { enabled: false });
  await target.close();
});

test("secrets are sealed, never answered, sent to the target, kept on a change, and not sent to other targets", async () => {
  const seen: (string | undefined)[] = [];
  const target = await TestTarget.open((request, response) => {
    seen.push(request.headers.authorization);
    response.end("a 1\n");
  });
  const job = jobOf([target.address], { basic_auth: { username: "me", password: "secret-word" } });
  const id = await addScrapeInput(db, "secret", job);
  const { scrape } = await readWithScrape(db, id);
  assert.ok(scrape);
  assert.ok(scrape.includes("<secret>") && !scrape.includes("secret-word"));
  const row = await db.scrapeConfig.findUniqueOrThrow({ where: { hostId: id } });
  assert.ok(!JSON.stringify(row).includes("secret-word"));
  const changed = scrape.replace("1s", "2s");
  await changeInput(db, id, { scrape: changed }, { role: "operator" });
  assert.equal((await tryScrape(db, { scrape: changed, id }, "admin")).ok, true);
  assert.deepEqual(seen, [`Basic ${Buffer.from("me:secret-word").toString("base64")}`]);
  const elsewhere = changeInput(db, id, { scrape: scrape.replace(target.address, "127.0.0.1:9") }, { role: "admin" });
  await assert.rejects(elsewhere, /Enter the secrets again/);
  await updateInput(db, id, { enabled: false });
  await target.close();
});

test("by the API: made, changed, listed and deleted with its targets, and its secret is nowhere in answers and the audit trail", async () => {
  await signInRoles(db, url);
  const call = async (method: "get" | "post" | "patch" | "delete", path: string, id = "", body?: object) => {
    const answer = await callRoute({ method, path }, "", { role: "admin", body, id });
    return [answer.status, answer.status === 204 ? "" : await answer.text()] as const;
  };
  const authorization = { credentials: "api-secret-word" };
  const scrape = JSON.stringify(jobOf(["127.0.0.1:1"], { authorization }));
  const [status, made] = await call("post", "/inputs", "", { name: "by API", kind: "scrape", scrape });
  const { id, token } = JSON.parse(made) as { id: number; token: string };
  assert.deepEqual([status, token], [201, ""]);
  assert.equal((await call("post", "/inputs", "", { name: "no targets", kind: "scrape" }))[0], 400);
  assert.equal((await call("post", "/inputs/{id}/token", String(id)))[0], 409);
  assert.equal((await call("patch", "/inputs/{id}", String(id), { scrape: "job_name: x" }))[0], 400);
  const stored = (JSON.parse(made) as { scrape: string }).scrape;
  const changed = await call("patch", "/inputs/{id}", String(id), { scrape: `${stored}honor_labels: true\n` });
  assert.equal(changed[0], 200);
  const manager = new ScrapeManager(db);
  await manager.follow();
  await manager.close();
  const [, targets] = await call("get", "/inputs/{id}/targets", String(id));
  assert.match(targets, /"discovered_labels":\{.*"__scrape_interval__":"1s"/);
  const answers = [made, changed[1], (await call("get", "/inputs"))[1], targets];
  assert.equal((await call("delete", "/inputs/{id}", String(id)))[0], 204);
  assert.equal(await db.scrapeTarget.count({ where: { hostId: id } }), 0);
  const trail = JSON.stringify(await db.auditEvent.findMany());
  assert.match(trail, /by API/);
  assert.doesNotMatch(answers.join() + trail, /api-secret-word/);
});

test("an operator may name public addresses only, in the configuration, by its labels and by names", async () => {
  await assert.rejects(addScrapeInput(db, "private", jobOf(["127.0.0.1:9100"]), "operator"), isDomainError);
  const relabelled = jobOf(["example.com:80"], {
    relabel_configs: [{ target_label: "__address__", replacement: "127.0.0.1:9" }],
  });
  await assert.rejects(tryScrape(db, { scrape: JSON.stringify(relabelled) }, "operator"), /no public address/);
  const { settings } = readConfig(JSON.stringify(jobOf(["x"])));
  const client = new TargetClient(settings, trustOf(false));
  await assert.rejects(client.fetch("http://localhost:9/", { timeoutMs: 1_000, maxBytes: 1 }), /no public address/);
  client.close();
});

test("an operator changes neither what is asked of an administrator's private target nor how, by PATCH or by Try", async () => {
  const target = await TestTarget.open((_, response) => void response.end("a 1\n"));
  const id = await addScrapeInput(db, "steered", jobOf([target.address]));
  const change = (more: object) => ({ scrape: JSON.stringify(jobOf([target.address], more)) });
  const steered = [
    ...[{ metrics_path: "/-/quit" }, { params: { a: ["b"] } }, { follow_redirects: "false" }, { scheme: "https" }],
    ...[{ basic_auth: { username: "root", password: "guess" } }, { authorization: { credentials: "guess" } }],
  ];
  for (const more of steered) {
    await assert.rejects(changeInput(db, id, change(more), { role: "operator" }), /no public address/);
    await assert.rejects(tryScrape(db, { ...change(more), id }, "operator"), /no public address/);
  }
  assert.equal(target.requests, 0);
  await changeInput(db, id, change({ honor_labels: "true", scrape_interval: "2s" }), { role: "operator" });
  assert.equal((await tryScrape(db, { ...change({ sample_limit: "9" }), id }, "operator")).ok, true);
  await updateInput(db, id, { enabled: false });
  await target.close();
});

test("before saving, one target is tried: its series, or the reason", async () => {
  const target = await TestTarget.open(
    (_, response) => void response.end(Array.from({ length: 12 }, (_row, n) => `m{n="${n}"} ${n}`).join("\n")),
  );
  const tried = await tryScrape(db, { scrape: JSON.stringify(jobOf([target.address])) }, "admin");
  assert.deepEqual([tried.ok, tried.series, tried.examples.length, tried.targets], [true, 12, 10, 1]);
  assert.equal(tried.examples[0], `m{instance="${target.address}",job="t",n="0"} 0`);
  await target.close();
});

test("what would not be stored is said by Try, and beside the state of the target once it is scraped", async () => {
  const labels = Array.from({ length: 80 }, (_, n) => `l${n}="x"`).join();
  const odd = [
    ...[
      `ahead 1 ${Date.now() + 365 * 86_400_000}`,
      `seconds 1 ${Math.floor(Date.now() / 1_000)}`,
      'zero{a="\u0000"} 1',
    ],
    ...[`many{${labels}} 1`, `long{a="${"x".repeat(1_000_000)}"} 1`],
  ];
  const fine = Array.from({ length: 20 }, (_, n) => `m{n="${n}"} 1`);
  const target = await TestTarget.open((_, response) => void response.end([...odd, ...fine, ""].join("\n")));
  const id = await addScrapeInput(db, "dropping", jobOf([target.address]));
  await updateInput(db, id, { maxSeries: 12 });
  const scrape = JSON.stringify(jobOf([target.address]));
  const fresh = await tryScrape(db, { scrape }, "admin");
  assert.deepEqual([fresh.ok, fresh.series, fresh.stored], [true, 24, 20]);
  const reasons = ["ahead_of_clock", "invalid_name", "labels_too_long", "too_many_labels", "too_old"];
  assert.deepEqual(fresh.drops.map(({ reason }) => reason).sort(), reasons);
  assert.ok(fresh.drops.every(({ samples, example }) => samples === 1 && example !== ""));
  const { drops, stored } = await tryScrape(db, { scrape, id }, "admin");
  assert.deepEqual([stored, drops.find(({ reason }) => reason === "series_limit")?.samples], [12, 8]);
  await scraping((manager) =>
    eventually(async () => {
      await manager.follow();
      return (await listTargets(db, id)).targets[0]?.health === "up";
    }, 10),
  );
  const [state] = (await listTargets(db, id)).targets;
  assert.match(state?.error ?? "", /^Not all of its samples are stored: .*1 sample by labels_too_long, such as long/);
  await updateInput(db, id, { enabled: false });
  await target.close();
});

test("of two portals one scrapes, and the other takes over", async () => {
  const target = await TestTarget.open((_, response) => void response.end("a 1\n"));
  const id = await addScrapeInput(db, "lease", jobOf([target.address]));
  const [first, second] = [1, 2].map(() => new Scraping(url, new ScrapeManager(db))) as [Scraping, Scraping];
  first.start();
  await eventually(() => target.requests > 0, 10);
  second.start();
  const [before, at] = [target.requests, Date.now()];
  await sleep(1_500);
  const most = Math.ceil((Date.now() - at) / 1_000) + 1;
  assert.ok(target.requests - before <= most, `${target.requests - before} requests of at most ${most}`);
  await first.close();
  const left = target.requests;
  await eventually(() => target.requests > left, 10);
  await second.close();
  await updateInput(db, id, { enabled: false });
  await target.close();
});
