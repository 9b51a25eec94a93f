import { join } from "node:path";
import { renderReportEmail } from "#components/mail/report-email.tsx";
import { baseUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { queueWaitingWebhooks, sendVerdicts } from "#lib/experiments/judge-running.ts";
import { sealStoredWebhooks } from "#lib/experiments/webhook.ts";
import { queueWaitingExports } from "#lib/exports/jobs.ts";
import { Dispatcher } from "#lib/jobs/dispatcher.ts";
import { JOB_CHANNEL, removeFailedJobs } from "#lib/jobs/queue.ts";
import { log } from "#lib/log.ts";
import { openTransport } from "#lib/notify/mail.ts";
import { deliverMails, queueWaitingMails } from "#lib/reports/deliver.ts";
import { queueSchedules, runSchedules } from "#lib/reports/schedule.ts";
import { readSecret, readSettings } from "#lib/settings/store.ts";
import { listen } from "#lib/stream/listener.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { exporterRunner } from "./exporter-process.ts";
import { onStop, ready, stopSignal } from "./lifecycle.ts";
import { repeatTasks } from "./tasks.ts";

// Works off the queue: scheduled reports, mails, webhooks, and exports in a process of their own. Several of these share the work; one that is
// killed costs nothing. It sleeps until a job is due or one is queued, which NOTIFY tells.

const environment = readEnvironment();
const db = openDatabase(databaseUrl(), {
  maxConnections: 3,
  applicationName: "sightline-jobs",
  queryLimitMs: MINUTE_MS,
});
const secret = process.env.NEXTAUTH_SECRET ?? "";

const NO_SERVER_MS = MINUTE_MS;

async function sendMails(signal: AbortSignal): Promise<number | undefined> {
  const [{ mail_from: from }, url] = await Promise.all([readSettings(db), readSecret(db, "smtp_url", secret)]);
  // Mails wait until there is a server for them.
  if (!url || !from) return Date.now() + NO_SERVER_MS;
  const transport = openTransport(url);
  const publicUrl = environment.publicUrl ?? baseUrl(environment);
  try {
    const mailer = { transport, from, secret, render: renderReportEmail, publicUrl };
    const { sent, failed } = await deliverMails(db, mailer, { signal });
    if (sent + failed > 0) log.info({ sent, failed }, "mails sent");
    return undefined;
  } finally {
    transport.close();
  }
}

async function runReports(signal: AbortSignal): Promise<void> {
  const mails = await runSchedules(db, { signal });
  if (mails > 0) log.info({ mails }, "mails created");
}

async function sendWebhooks(signal: AbortSignal): Promise<void> {
  const sent = await sendVerdicts(db, environment.publicUrl, { signal });
  if (sent > 0) log.info({ sent }, "webhooks sent");
}

const runExporter = exporterRunner(join(import.meta.dirname, "exporter.js"));

/** Queues what waits without a job: after an upgrade or a restore. Again it does nothing. */
async function reconcile(): Promise<void> {
  const now = Date.now();
  await sealStoredWebhooks(db);
  await queueWaitingExports(db);
  await queueSchedules(db);
  await queueWaitingMails(db, now);
  await queueWaitingWebhooks(db, now);
  await removeFailedJobs(db, now);
}

const dispatcher = new Dispatcher(db, {
  export: runExporter,
  mail: sendMails,
  webhook: sendWebhooks,
  "report schedule": runReports,
});
const listener = listen(
  databaseUrl(),
  [JOB_CHANNEL],
  () => dispatcher.wake(),
  () => dispatcher.wake(),
);
const work = Promise.all([
  dispatcher.run(stopSignal),
  repeatTasks(
    [
      { name: "queueing of what waits", run: reconcile, pauseMs: () => HOUR_MS },
      // Takes away the files of exports that are over, and makes on the way what waits: for as long as a large one may take.
      { name: "sweep of exports", run: runExporter, pauseMs: () => HOUR_MS, limitMs: HOUR_MS },
    ],
    stopSignal,
  ),
]);

onStop([
  { name: "jobs", run: () => work },
  { name: "listener", run: () => listener.close() },
  { name: "database", run: () => db.$disconnect() },
]);
ready();
