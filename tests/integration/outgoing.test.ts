import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { experimentSchema } from "#lib/contract/experiment-plans.ts";
import type { Database } from "#lib/db/client.ts";
import { judgeRunning, sendVerdicts } from "#lib/experiments/judge-running.ts";
import { sealStoredWebhooks } from "#lib/experiments/webhook.ts";
import { amendExperiment, createExperiment, moveExperiment, writeDraft } from "#lib/experiments/write-experiments.ts";
import { wordMatter } from "#lib/insights/wording.ts";
import { verifyMailServer } from "#lib/notify/mail.ts";
import { assertOutgoing, connectOutgoing, postJson } from "#lib/notify/outgoing.ts";
import { sendWebhook } from "#lib/notify/webhook.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { callRoute, getRoute, signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";
import { addPerson } from "../support/people.ts";

const NOW = Date.UTC(2026, 9, 5);
const received: string[] = [];

let db: Database;
let server: Server;
let port: number;
let actor: { userId: string; now: number };

before(async () => {
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  actor = { userId: await addPerson(db, "analyst"), now: NOW };
  server = createServer((request, response) => {
    received.push(request.url ?? "");
    if (request.url === "/moved")
      return void response.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end();
    request.resume().once("end", () => response.end('{"choices":[]}'));
  });
  server.listen(0, "::");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});

after(() => server.close());

/** Runs with some private hosts allowed. */
async function allowing<T>(hosts: string, work: () => Promise<T>): Promise<T> {
  process.env.OUTGOING_ALLOW = hosts;
  try {
    return await work();
  } finally {
    delete process.env.OUTGOING_ALLOW;
  }
}

const INSIDE = [
  ...[
    "127.0.0.1",
    "127.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "127.0.0.1.",
    "localhost",
    "LOCALHOST",
    "a.localhost",
  ],
  ...[
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "0.0.0.0",
    "0",
    "[64:ff9b::7f00:1]",
  ],
  ...[
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.9",
  ],
  ...[
    "169.254.169.254",
    "[::ffff:169.254.169.254]",
    "[fe80::1]",
    "[fd00::1]",
    "[fd00:ec2::254]",
    "[2002:7f00:1::]",
    "[2001:db8::1]",
  ],
  ...["224.0.0.1", "255.255.255.255", "[ff02::1]"],
];

test("a webhook reaches no address inside, however it is written, and nothing arrives there", async () => {
  for (const host of INSIDE)
    await assert.rejects(
      sendWebhook(`http://${host}:${port}/hook`, {}, "key"),
      /no public address|cannot be reached/,
      host,
    );
  assert.deepEqual(received, []);
});

test("an experiment is not stored with a webhook that leads inside, and says which field is wrong", async () => {
  const plan = (webhook: string) => ({
    ...{ key: "inside", name: "Inside", variants: [{ key: "a" }, { key: "b" }], plan: { webhook } },
    metrics: [{ key: "m", event: "e", role: "primary", kind: "proportion" }],
  });
  for (const host of INSIDE) {
    const response = await callRoute({ method: "post", path: "/experiments" }, "", {
      role: "analyst",
      body: plan(`http://${host}/x`),
    });
    const problem = (await response.json()) as { errors?: { field: string }[] };
    assert.deepEqual([response.status, problem.errors?.[0]?.field], [400, "plan.webhook"], host);
  }
  assert.equal(await db.experiment.count(), 0);
});

test("a redirect is not followed", async () => {
  received.length = 0;
  await allowing("127.0.0.1", () =>
    assert.rejects(sendWebhook(`http://127.0.0.1:${port}/moved`, {}, "k"), /answered 302: redirects are not followed/),
  );
  assert.deepEqual(received, ["/moved"]);
});

test("what OUTGOING_ALLOW names is reached: a host, an address, a subnet; metadata of clouds is not", async () => {
  received.length = 0;
  for (const allowed of ["127.0.0.1", "127.0.0.0/8", "10.0.0.0/8, 127.0.0.1"])
    await allowing(allowed, () => sendWebhook(`http://127.0.0.1:${port}/${encodeURIComponent(allowed)}`, {}, "k"));
  await allowing("localhost", () => sendWebhook(`http://localhost:${port}/name`, {}, "k"));
  await allowing("::1", () => sendWebhook(`http://[::1]:${port}/six`, {}, "k"));
  assert.equal(received.length, 5);
  await allowing("169.254.169.254,fe80::/10,0.0.0.0/0", async () => {
    for (const host of ["169.254.169.254", "[fe80::1]", "0.0.0.0"])
      assert.throws(() => assertOutgoing(`http://${host}/`, "author", "url"), /no public address/, host);
  });
});

test("an administrator's mail server and language model may stand inside, but not where a cloud hands out credentials", async () => {
  received.length = 0;
  const matter = { title: "Disk", why: "It fills.", evidence: [] };
  const service = (url: string) => ({ url, model: "m", key: "k", redact: false });
  await wordMatter(matter, service(`http://127.0.0.1:${port}/v1`));
  assert.deepEqual(received, ["/v1/chat/completions"]);
  assert.match((await wordMatter(matter, service("http://169.254.169.254/v1"))).refused ?? "", /nothing is sent to/);
  await assert.rejects(verifyMailServer("smtp://169.254.169.254:25"), /nothing is sent to/);
  await assert.rejects(verifyMailServer("smtp://[fe80::1]:25"), /nothing is sent to/);
  await assert.rejects(connectOutgoing({ host: "169.254.169.254", port: 443 }, "administrator"), /nothing is sent to/);
});

test("an answer that never ends is read up to its limit", async () => {
  const endless = createServer((_request, response) => {
    const timer = setInterval(() => response.write("x".repeat(10_000)), 1);
    response.once("close", () => clearInterval(timer));
  });
  endless.listen(0, "127.0.0.1");
  await once(endless, "listening");
  const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
  const { text } = await postJson(url, {}, { trust: "administrator", limitMs: 10_000, maxBytes: 50_000 });
  assert.equal(text.length, 50_000);
  endless.closeAllConnections();
  endless.close();
});

const SECRET_PATH = "T0K3N-in-the-path";

const sealable = (key: string, webhook: string) =>
  experimentSchema.parse({
    ...{ key, name: key, plan: { webhook }, variants: [{ key: "a" }, { key: "b" }] },
    metrics: [{ key: "m", event: "e", role: "primary", kind: "proportion" }],
  });

test("a webhook's secret is in no answer, history or table, survives an edit of what is shown, and the verdict still arrives", async () => {
  const secret = `http://127.0.0.1:${port}/${SECRET_PATH}`;
  const shown = `http://127.0.0.1:${port}/…`;
  await allowing("127.0.0.1", async () => {
    const id = await createExperiment(db, sealable("sealed", secret), actor);
    await writeDraft(db, id, { ...sealable("sealed", shown), name: "Renamed" }, actor);
    await moveExperiment(db, id, "start", actor);
    await amendExperiment(db, id, { reason: "a longer one", maxDays: 40 }, actor);
    await amendExperiment(db, id, { reason: "another", webhook: `${secret}/2` }, actor);
    for (const path of ["/experiments", "/experiments/sealed", "/experiments/sealed/history", "/exports/experiments"]) {
      const endpoint = path.includes("sealed") ? path.replace("sealed", "{id}") : path;
      const response = await callRoute({ method: "get", path: endpoint }, "", { role: "viewer", id: "sealed" });
      assert.equal(response.status, 200, path);
      assert.doesNotMatch(await response.text(), new RegExp(SECRET_PATH), path);
    }
    assert.match(await (await getRoute("/experiments")).text(), /127\.0\.0\.1:\d+\/…/);
    const rows = await db.$queryRaw<{ row: string }[]>`
      SELECT to_jsonb(e)::text AS row FROM experiment e UNION ALL SELECT to_jsonb(c)::text FROM experiment_change c`;
    assert.doesNotMatch(rows.map(({ row }) => row).join(), new RegExp(SECRET_PATH));
    received.length = 0;
    await judgeRunning(db, { now: NOW + DAY_MS });
    assert.equal(await sendVerdicts(db, undefined, { now: () => NOW + DAY_MS }), 1);
    assert.deepEqual(received, [`/${SECRET_PATH}/2`]);
  });
});

test("the shown part of a URL is no URL of another experiment", async () => {
  await assert.rejects(
    createExperiment(db, sealable("copied", "https://hooks.example.com/…"), actor),
    /Enter the whole URL/,
  );
  const id = await createExperiment(db, sealable("own", "https://hooks.example.com/a"), actor);
  await assert.rejects(
    writeDraft(db, id, sealable("own", "https://other.example.com/…"), actor),
    /Enter the whole URL/,
  );
});

test("URLs that an earlier version stored are sealed at the next start, in plans and histories", async () => {
  const url = `https://hooks.example.com/${SECRET_PATH}`;
  const id = await createExperiment(db, sealable("old", "https://hooks.example.com/x"), actor);
  await db.$executeRaw`UPDATE experiment SET webhook_sealed = NULL, plan = plan || jsonb_build_object('webhook', ${url}::text) WHERE id = ${id}`;
  const change = { webhook: { from: "", to: url } };
  await db.experimentChange.create({ data: { experimentId: id, action: "amend", change } });
  const read = async () =>
    (await (
      await callRoute({ method: "get", path: "/experiments/{id}" }, "", { role: "viewer", id: "old" })
    ).text()) as string;
  assert.doesNotMatch(await read(), new RegExp(SECRET_PATH), "not even before");
  for (let again = 0; again < 2; again++) await sealStoredWebhooks(db);
  const { plan, webhookSealed } = await db.experiment.findUniqueOrThrow({ where: { id } });
  assert.deepEqual(
    [(plan as { webhook: string }).webhook, webhookSealed !== null],
    ["https://hooks.example.com/…", true],
  );
  const stored = await db.experimentChange.findFirstOrThrow({ where: { experimentId: id, action: "amend" } });
  assert.deepEqual(stored.change, { webhook: { from: "", to: "https://hooks.example.com/…" } });
});
