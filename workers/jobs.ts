import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { renderReportEmail } from "#components/mail/report-email.tsx";
import { baseUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { EXPORTER_ENV, EXPORTER_FLAGS, isWaiting } from "#lib/exports/queue.ts";
import { log } from "#lib/log.ts";
import { deliverDue, openTransport } from "#lib/reports/deliver.ts";
import { runDue } from "#lib/reports/schedule.ts";
import { readSecret, readSettings } from "#lib/settings/store.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { runLoop, stopping } from "./loop.ts";

// Makes the reports that are due and sends their mails. Several of these share the work; one that is killed costs nothing.

const LOOK_MS = 2_000;

const db = openDatabase(databaseUrl(), {
  maxConnections: 2,
  applicationName: "sightline-jobs",
  queryLimitMs: MINUTE_MS,
});
const secret = process.env.NEXTAUTH_SECRET ?? "";

async function work(): Promise<void> {
  const now = Date.now();
  const made = await runDue(db, now);
  if (made > 0) log.info({ made }, "mails made");
  const [{ mail_from: from }, url] = await Promise.all([readSettings(db), readSecret(db, "smtp_url", secret)]);
  if (!url || !from) return;
  const environment = readEnvironment();
  const transport = openTransport(url);
  try {
    const sender = {
      transport,
      from,
      secret,
      render: renderReportEmail,
      publicUrl: environment.publicUrl ?? baseUrl(environment),
    };
    const { sent, failed } = await deliverDue(db, sender, now);
    if (sent + failed > 0) log.info({ sent, failed }, "mails sent");
  } finally {
    transport.close();
  }
}

const SWEEP_MS = HOUR_MS;

let exporter: ChildProcess | undefined;
let sweptAt = 0;

/** Starts a process that makes files when some wait, and once an hour, to take away the old ones. */
async function makeExports(): Promise<void> {
  const now = Date.now();
  if (exporter || !(now - sweptAt > SWEEP_MS || (await isWaiting(db, now)))) return;
  sweptAt = now;
  exporter = fork(join(import.meta.dirname, "exporter.js"), {
    execArgv: EXPORTER_FLAGS,
    env: { ...process.env, ...EXPORTER_ENV },
  });
  exporter.on("exit", () => {
    exporter = undefined;
  });
}

stopping.signal.addEventListener("abort", () => exporter?.kill("SIGTERM"));

runLoop(
  [
    { run: makeExports, again: "exports will be tried again" },
    { run: work, again: "mails will be tried again" },
  ],
  () => LOOK_MS,
  () => db.$disconnect(),
);
