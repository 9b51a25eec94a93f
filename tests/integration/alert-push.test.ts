import assert from "node:assert/strict";
import { createECDH, createPublicKey, randomBytes, verify } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { addSubscription, pushKey } from "#lib/alerts/channels/push.ts";
import { createChannel } from "#lib/alerts/channels/store.ts";
import { testChannel } from "#lib/alerts/deliver.ts";
import { channelSchema } from "#lib/contract/alert-channels.ts";
import type { Database } from "#lib/db/client.ts";
import { freshDatabase } from "../support/database.ts";
import { addPerson } from "../support/people.ts";

process.env.NEXTAUTH_SECRET = "a secret of this test that is long enough";
process.env.OUTGOING_ALLOW = "127.0.0.1";

type Pushed = { path: string; headers: IncomingMessage["headers"]; body: Buffer };

const pushed: Pushed[] = [];
let answer = 201;
const service = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  pushed.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(parts) });
  response.writeHead(request.url === "/gone" ? 410 : answer).end();
});

let db: Database;
let url: string;

before(async () => {
  ({ db } = await freshDatabase());
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});

after(() => service.close());

/** A browser with its keys, as the Push API makes them. */
function browser() {
  const keys = createECDH("prime256v1");
  keys.generateKeys();
  return { keys, p256dh: keys.getPublicKey("base64url"), auth: randomBytes(16).toString("base64url") };
}

type Decrypt = (body: Buffer, options: { version: string; privateKey: unknown; authSecret: string }) => Buffer;

test("a browser gets what only it can read, signed by the portal; one that has unsubscribed is forgotten, and fails no other", async () => {
  const user = await addPerson(db, "viewer");
  const admin = { id: await addPerson(db, "admin"), role: "admin" as const };
  const id = await createChannel(db, channelSchema.parse({ name: "Push", kind: "push", settings: {} }), admin);
  await assert.rejects(testChannel(db, id, Date.now()), /No browser takes notifications/);
  const { keys, ...subscription } = browser();
  await addSubscription(db, user, { endpoint: `${url}/gone`, p256dh: browser().p256dh, auth: browser().auth });
  await addSubscription(db, user, { endpoint: `${url}/laptop`, ...subscription });
  await testChannel(db, id, Date.now());
  const [note] = pushed.filter(({ path }) => path === "/laptop");
  assert.ok(note);
  assert.equal(note.headers["content-encoding"], "aes128gcm");
  const { decrypt } = createRequire(createRequire(import.meta.url).resolve("web-push"))("http_ece") as {
    decrypt: Decrypt;
  };
  const plain = decrypt(note.body, { version: "aes128gcm", privateKey: keys, authSecret: subscription.auth });
  assert.equal(JSON.parse(plain.toString()).title, "[info] test: This is a test of Sightline");
  const [, token = "", key = ""] = /t=([^,]+), *k=(.+)/.exec(String(note.headers.authorization)) ?? [];
  assert.equal(key, pushKey().publicKey);
  const [head, claims, signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const jwk = {
    kty: "EC",
    crv: "P-256",
    x: point.subarray(1, 33).toString("base64url"),
    y: point.subarray(33).toString("base64url"),
  };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  const signed = verify(
    "sha256",
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  assert.ok(signed, "whoever serves the browser can tell that it came from this portal");
  assert.deepEqual(
    (await db.pushSubscription.findMany()).map(({ endpoint }) => endpoint),
    [`${url}/laptop`],
  );
  answer = 500;
  await assert.rejects(testChannel(db, id, Date.now()), /answered 500/);
  await db.user.updateMany({ where: { id: user }, data: { disabledAt: new Date() } });
  await assert.rejects(testChannel(db, id, Date.now()), /No browser takes notifications/);
  await assert.rejects(
    addSubscription(db, user, { endpoint: "http://169.254.169.254/x", ...subscription }),
    /is no public address/,
  );
});
