import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { createToken } from "#lib/access/api-tokens.ts";
import { createUser } from "#lib/access/users.ts";
import { readCiEvent } from "#lib/annotations/ci-events.ts";
import type { Database } from "#lib/db/client.ts";
import { callRoute, signInRoles } from "../support/api.ts";
import { freshDatabase } from "../support/database.ts";
import { RouteServer } from "../support/route-server.ts";

let db: Database;
let token: string;
const portal = new RouteServer();

before(async () => {
  process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";
  const fresh = await freshDatabase();
  db = fresh.db;
  await signInRoles(db, fresh.url);
  await portal.open();
  const user = await createUser(db, { email: "ci@example.org", password: "velvet otter piano 42", role: "engineer" });
  ({ token } = await createToken(db, user, { name: "ci", days: 1, scopes: ["annotations:write"] }));
});

after(() => portal.close());

type Hook = { id: number; secret: string; path: string };

const addHook = async (body: object): Promise<Hook> =>
  (await (
    await callRoute({ method: "post", path: "/annotations/hooks" }, "", { role: "operator", body })
  ).json()) as Hook;

const deliver = (id: number, body: string, headers: Record<string, string>) =>
  callRoute({ method: "post", path: "/annotations/hooks/{id}" }, "", { id: String(id), body, headers });

const signed = (secret: string, body: string, event: string) => ({
  "x-github-event": event,
  "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
});

const seconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
const NOW = Math.floor(Date.now() / 1000) * 1000;

const deployed = (state: string, id = 7) =>
  JSON.stringify({
    action: "created",
    deployment_status: {
      id,
      state,
      environment: "production",
      created_at: seconds(NOW - 60_000),
      log_url: "https://ci.example/1",
    },
    deployment: { ref: "v4.2", sha: "abcdef0123456" },
    repository: { full_name: "acme/shop", html_url: "https://github.com/acme/shop" },
  });

const marks = async () =>
  db.annotation.findMany({ orderBy: { id: "asc" }, omit: { id: true, createdBy: true, key: true } });

test("a deployment that GitHub reports is marked once, with what, which version and where it is said", async () => {
  const hook = await addHook({ kind: "github", name: "Deploys" });
  const body = deployed("success");
  for (let n = 0; n < 2; n++) {
    const response = await deliver(hook.id, body, signed(hook.secret, body, "deployment_status"));
    assert.deepEqual(await response.json(), { recorded: true, reason: "" });
  }
  assert.deepEqual(await marks(), [
    {
      ...{ hostId: null, at: new Date(NOW - 60_000), kind: "deploy", text: "acme/shop v4.2 deployed to production" },
      ...{ service: "shop", version: "v4.2", url: "https://ci.example/1" },
    },
  ]);
  const pending = deployed("in_progress", 8);
  const ignored = await deliver(hook.id, pending, signed(hook.secret, pending, "deployment_status"));
  assert.match(((await ignored.json()) as { reason: string }).reason, /in_progress are not recorded/);
  const failed = deployed("failure", 9);
  await deliver(hook.id, failed, signed(hook.secret, failed, "deployment_status"));
  assert.equal((await marks())[1]?.text, "Deployment of acme/shop v4.2 to production failed");
});

test("GitLab's deployments and releases are marked for the host and service that the webhook names", async () => {
  const { id: hostId } = await db.host.create({
    data: { machineId: "web-machine", name: "web", hostname: "web", system: {} },
  });
  const hook = await addHook({ kind: "gitlab", name: "GitLab", host_id: hostId, service: "storefront" });
  const project = { path_with_namespace: "acme/shop", web_url: "https://gitlab.example/acme/shop" };
  const status_changed_at = `${seconds(NOW - 120_000)
    .replace("T", " ")
    .replace("Z", "")} +0000`;
  const deployment = {
    object_kind: "deployment",
    status: "success",
    deployment_id: 15,
    environment: "staging",
    ref: "main",
    short_sha: "279484c0",
    status_changed_at,
    project,
  };
  const release = {
    object_kind: "release",
    action: "create",
    id: 1,
    tag: "v1.1",
    released_at: "1970-01-01",
    url: "javascript:alert(1)",
    project,
  };
  for (const body of [deployment, release])
    await deliver(hook.id, JSON.stringify(body), {
      "x-gitlab-token": hook.secret,
      "x-gitlab-event": "Deployment Hook",
    });
  const [deploy, released] = (await marks()).filter((mark) => mark.hostId === hostId);
  assert.deepEqual(deploy, {
    ...{ hostId, at: new Date(NOW - 120_000), kind: "deploy", text: "acme/shop main deployed to staging" },
    ...{ service: "storefront", version: "main", url: "https://gitlab.example/acme/shop" },
  });
  assert.equal(released?.url, "", "an address that is none of the web is left out");
  assert.ok((released?.at.getTime() ?? 0) >= NOW, "a time of 1970 is none of this event: it is now");
});

test("without the right secret nothing is recorded, and the list says so", async () => {
  const hook = await addHook({ kind: "github", name: "Forged" });
  const before = (await marks()).length;
  const body = deployed("success", 70);
  for (const headers of [
    {},
    signed("wrong", body, "deployment_status"),
    { "x-gitlab-token": hook.secret },
    { "x-hub-signature-256": "sha256=" },
  ])
    assert.equal((await deliver(hook.id, body, headers as Record<string, string>)).status, 401);
  assert.equal((await deliver(99_999, body, signed(hook.secret, body, "deployment_status"))).status, 401);
  const changed = body.replace("v4.2", "v6.6");
  assert.equal((await deliver(hook.id, changed, signed(hook.secret, body, "deployment_status"))).status, 401);
  assert.equal((await deliver(hook.id, "{", signed(hook.secret, "{", "ping"))).status, 400);
  assert.equal((await marks()).length, before);
  const response = await callRoute({ method: "get", path: "/annotations/hooks" }, "", { role: "operator" });
  const text = await response.text();
  const listed = (JSON.parse(text) as { id: number; refused: number; problem: string }[]).find(
    ({ id }) => id === hook.id,
  );
  assert.deepEqual([listed?.refused, /JSON/.test(listed?.problem ?? "")], [6, true]);
  assert.ok(!text.includes(hook.secret), "the secret is answered once");
  const trail = JSON.stringify(await db.auditEvent.findMany({ where: { action: { contains: "eventHooks" } } }));
  assert.ok(trail.includes("Forged") && !trail.includes(hook.secret), "and is in no trail");
});

test("whatever a body holds, an event is text that can be stored or a reason why it is none", () => {
  const odd = [
    null,
    undefined,
    1,
    "x",
    [],
    {},
    { deployment_status: null },
    { deployment_status: { state: "success" } },
  ];
  const nul = {
    deployment_status: { state: "success", id: 1, environment: "\u0000\uD800" },
    deployment: { ref: "x".repeat(9_999) },
  };
  for (const kind of ["github", "gitlab"] as const)
    for (const event of ["deployment_status", "release", "ping", "", "push"])
      for (const body of [...odd, nul, { object_kind: "deployment", status: "success" }]) {
        const read = readCiEvent(kind, event, body, NOW);
        const parts = typeof read === "string" ? [read] : [read.text, read.service, read.version, read.url, read.key];
        for (const part of parts) assert.ok(part.isWellFormed() && !part.includes("\u0000") && part.length <= 1_000);
        if (typeof read !== "string") assert.equal(read.at, NOW);
      }
});

const mark = (args: string[], env: Record<string, string> = {}) =>
  new Promise<{ code: number; out: string; error: string }>((resolve) => {
    execFile(
      process.execPath,
      ["public/sightline.mjs", ...args],
      { env: { ...process.env, SIGHTLINE_URL: portal.url, SIGHTLINE_TOKEN: token, ...env } },
      (error, out, text) => resolve({ code: Number(error?.code ?? 0), out, error: text }),
    );
  });

test("a pipeline marks a deploy by one command, and one whose answer was lost is marked once", async () => {
  const args = ["mark", "shop", "4.2", "is", "out", "--service", "shop", "--version", "4.2"];
  const { code, out } = await mark(args);
  assert.deepEqual([code, /^marked at \d{4}-/.test(out)], [0, true]);
  let lost = 0;
  portal.loses = () => lost++ < 2;
  assert.equal((await mark([...args, "--url", "https://ci.example/2"])).code, 0);
  const found = (await marks()).filter(({ text }) => text === "shop 4.2 is out");
  assert.deepEqual(
    found.map(({ kind, service, version, url }) => [kind, service, version, url]),
    [
      ["deploy", "shop", "4.2", ""],
      ["deploy", "shop", "4.2", "https://ci.example/2"],
    ],
  );
  assert.equal((await mark(["mark", "again", "--key", "build 7"])).code, 0);
  assert.equal((await mark(["mark", "again", "--key", "build 7"])).code, 0);
  assert.equal((await marks()).filter(({ text }) => text === "again").length, 1);
});

test("a wrong command line and a refusal say what to do, and never show the token", async () => {
  for (const [args, env, code, words] of [
    [[], {}, 2, /usage/],
    [["mark"], {}, 2, /usage/],
    [["mark", "x", "--colour", "red"], {}, 2, /--colour/],
    [["mark", "x"], { SIGHTLINE_TOKEN: "" }, 2, /annotations:write/],
    [["mark", "x"], { SIGHTLINE_TOKEN: "slt_of\ntwo lines" }, 2, /in one line/],
    [["mark", "x"], { SIGHTLINE_URL: "nonsense" }, 2, /SIGHTLINE_URL/],
    [["mark", "x"], { SIGHTLINE_TOKEN: "slt_forged" }, 1, /no such API token/],
    [["mark", "x", "--kind", "party"], {}, 1, /kind/],
    [["mark", "x", "--host", "99999"], {}, 1, /host/],
    [["mark", "x", "--at", "yesterday"], {}, 1, /at/],
  ] as [string[], Record<string, string>, number, RegExp][]) {
    const answer = await mark(args, env);
    assert.equal(answer.code, code, answer.error);
    assert.match(answer.error, words);
    assert.ok(!`${answer.out}${answer.error}`.includes(env.SIGHTLINE_TOKEN || token));
  }
});
