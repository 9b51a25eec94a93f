import assert from "node:assert/strict";
import { test } from "node:test";
import { createChannel } from "#lib/alerts/channels/store.ts";
import { channelSchema } from "#lib/contract/alert-channels.ts";
import { readFirstSteps } from "#lib/help/first-steps.ts";
import { writeSecret, writeSettings } from "#lib/settings/store.ts";
import { addHost, freshDatabase } from "../support/database.ts";
import { addPerson } from "../support/people.ts";

test("a portal that was just set up has all first steps before it, and each is done by what it names", async () => {
  const { db } = await freshDatabase();
  await addHost(db);
  const admin = await addPerson(db, "admin");
  assert.deepEqual(await readFirstSteps(db), { host: false, channel: false, mail: false, account: false });

  const second = await addHost(db, "web-2");
  const channel = { name: "Team", kind: "webhook", settings: { url: "https://hooks.example/x" }, enabled: false };
  await createChannel(db, channelSchema.parse(channel), { id: admin, role: "admin" });
  const viewer = await addPerson(db, "viewer");
  await writeSettings(db, { mail_from: "alerts@example.org" }, admin);
  assert.deepEqual(await readFirstSteps(db), { host: true, channel: false, mail: false, account: true });

  await db.alertChannel.updateMany({ data: { enabled: true } });
  await writeSecret(db, "smtp_url", "smtp://mail.example", "a secret of the portal", admin);
  assert.deepEqual(await readFirstSteps(db), { host: true, channel: true, mail: true, account: true });

  await db.user.update({ where: { id: viewer }, data: { disabledAt: new Date() } });
  await db.host.update({ where: { id: second.hostId }, data: { retiredAt: new Date() } });
  const undone = await readFirstSteps(db);
  assert.deepEqual([undone.host, undone.account], [false, false], "what is gone is to be done again");
});
