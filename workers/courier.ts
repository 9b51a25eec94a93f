import { setTimeout as sleep } from "node:timers/promises";
import { writeLetter } from "#components/mail/report-letter.tsx";
import { readEnvironment } from "#lib/config/environment.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { log, reasonOf } from "#lib/log.ts";
import { deliverDue, openTransport } from "#lib/notify/mailer.ts";
import { runDue } from "#lib/report/schedule.ts";
import { readSecret, readSettings } from "#lib/store/settings.ts";

// Makes the reports that are due and sends their mails. Several of these share the work; one that is killed costs nothing.

const LOOK_MS = 5_000;

const db = openDatabase(databaseUrl(), {
  maxConnections: 2,
  applicationName: "sightline-courier",
  queryLimitMs: 60_000,
});
const stopping = new AbortController();
const secret = process.env.NEXTAUTH_SECRET ?? "";

async function work(): Promise<void> {
  const now = Date.now();
  const made = await runDue(db, now);
  if (made > 0) log.info({ made }, "mails made");
  const [{ mail_from: from }, url] = await Promise.all([readSettings(db), readSecret(db, "smtp_url", secret)]);
  if (!url || !from) return;
  const { publicUrl, host, port } = readEnvironment();
  const transport = openTransport(url);
  try {
    const post = { transport, from, secret, write: writeLetter, publicUrl: publicUrl ?? `http://${host}:${port}` };
    const { sent, failed } = await deliverDue(db, post, now);
    if (sent + failed > 0) log.info({ sent, failed }, "mails sent");
  } finally {
    transport.close();
  }
}

async function run(): Promise<void> {
  while (!stopping.signal.aborted) {
    await work().catch((error: Error) => log.warn({ reason: reasonOf(error) }, "mails will be tried again"));
    await sleep(LOOK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
  await db.$disconnect();
  process.exit(0);
}

process.on("SIGTERM", () => stopping.abort());
process.on("disconnect", () => stopping.abort());
process.send?.({ ready: true });
void run();
