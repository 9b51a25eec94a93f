import { join } from "node:path";
import type { Sender } from "#lib/alerts/channels/send.ts";
import { deliverAlerts } from "#lib/alerts/deliver.ts";
import { removeUsedLinks } from "#lib/alerts/email-links.ts";
import { queueWaitingDeliveries } from "#lib/alerts/queue-deliveries.ts";
import { followReplies } from "#lib/alerts/telegram-replies.ts";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { queueWaitingWebhooks, sendVerdicts } from "#lib/experiments/judge-running.ts";
import { sealStoredWebhooks } from "#lib/experiments/webhook.ts";
import { queueWaitingExports } from "#lib/exports/jobs.ts";
import { removeExpiredTokens } from "#lib/hosts/agents/enrolment-tokens.ts";
import { Dispatcher } from "#lib/jobs/dispatcher.ts";
import { recordRound, removeForgotten, runParts } from "#lib/jobs/failures.ts";
import { JOB_CHANNEL, removeFailedJobs } from "#lib/jobs/queue.ts";
import { log } from "#lib/log.ts";
import { type MailServer, openMailServer } from "#lib/notify/mail-server.ts";
import { deliverNotices } from "#lib/notify/notices.ts";
import { sealProcesses } from "#lib/processes/seal.ts";
import { deliverMails, queueWaitingMails, type ReportMailer } from "#lib/reports/deliver.ts";
import { queueSchedules, runSchedules } from "#lib/reports/schedule.ts";
import { listen } from "#lib/stream/listener.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { exporterRunner } from "./exporter-process.ts";
import { onStop, ready, stopSignal } from "./lifecycle.ts";
import { receiveSecrets } from "./secrets.ts";
import { repeatTasks } from "./tasks.ts";
import { recordTelemetry } from "./telemetry.ts";

// Works off the queue: scheduled reports, mails, webhooks, and exports in a process of their own. Several of these share the work; one that is
// killed costs nothing. It sleeps until a job is due or one is queued, which NOTIFY tells.

await receiveSecrets();

const environment = readEnvironment();
const db = openDatabase(databaseUrl(), {
  maxConnections: 3,
  applicationName: "sightline-jobs",
  queryLimitMs: MINUTE_MS,
});
const secret = process.env.NEXTAUTH_SECRET ?? "";

const NO_SERVER_MS = MINUTE_MS;

/** How often (ms) it is asked what was pressed under notifications. */
const REPLIES_MS = 10_000;

/** Sends by the mail server, if there is one: until then mails wait. */
async function withMailServer(
  send: (server: MailServer) => Promise<{ sent: number; failed: number }>,
): Promise<number | undefined> {
  const server = await openMailServer(db);
  if (!server) return Date.now() + NO_SERVER_MS;
  try {
    const { sent, failed } = await send(server);
    if (sent + failed > 0) log.info({ sent, failed }, "mails sent");
    return undefined;
  } finally {
    server.transport.close();
  }
}

const publicUrl = portalUrl(environment);

// What draws mails takes 45 MB: loaded when one is due.
const renderReportEmail: ReportMailer["render"] = async (...parts) =>
  (await import("#components/mail/report-email.tsx")).renderReportEmail(...parts);
const renderAlertEmail: NonNullable<Sender["render"]> = async (...parts) =>
  (await import("#components/mail/alert-email.tsx")).renderAlertEmail(...parts);

const sendMails = (signal: AbortSignal) =>
  withMailServer((server) => deliverMails(db, { ...server, secret, render: renderReportEmail, publicUrl }, { signal }));

const sendNotices = (signal: AbortSignal) =>
  withMailServer(async (server) => {
    const { done, failed } = await deliverNotices(db, server, { signal });
    return { sent: done, failed };
  });

/** Tells the channels of alerts: those of mail by the mail server, if there is one. */
async function sendAlerts(signal: AbortSignal): Promise<void> {
  const mail = await openMailServer(db);
  try {
    const { done, failed } = await deliverAlerts(db, { mail, portal: publicUrl, render: renderAlertEmail }, { signal });
    if (done + failed > 0) log.info({ done, failed }, "notifications sent");
  } finally {
    mail?.transport.close();
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

/** Queues what waits without a job, after an upgrade or a restore, and forgets what failed long ago. Again it does nothing. */
async function keepHouse(signal: AbortSignal): Promise<void> {
  const now = Date.now();
  const parts = [
    { subject: "sealing of stored webhooks", run: () => sealStoredWebhooks(db) },
    { subject: "exports that wait", run: () => queueWaitingExports(db) },
    { subject: "report schedules", run: () => queueSchedules(db) },
    { subject: "mails that wait", run: () => queueWaitingMails(db, now) },
    { subject: "webhooks that wait", run: () => queueWaitingWebhooks(db, now) },
    { subject: "notifications that wait", run: () => queueWaitingDeliveries(db, now) },
    { subject: "used links", run: () => removeUsedLinks(db, now) },
    { subject: "expired enrolment tokens", run: () => removeExpiredTokens(db, now) },
    { subject: "processes of past hours", run: () => sealProcesses(db, now, signal) },
    { subject: "failed jobs", run: () => removeFailedJobs(db, now) },
    { subject: "forgotten failures", run: () => removeForgotten(db, now) },
  ];
  await runParts(db, "housekeeping", parts, { now, signal });
}

const dispatcher = new Dispatcher(db, {
  export: runExporter,
  mail: sendMails,
  notice: sendNotices,
  alert: sendAlerts,
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
      { name: "housekeeping", run: keepHouse, pauseMs: () => HOUR_MS },
      { name: "replies", run: (signal) => followReplies(db, Date.now(), signal), pauseMs: () => REPLIES_MS },
      // Takes away the files of exports that are over, and makes on the way what waits: for as long as a large one may take.
      { name: "export sweep", run: runExporter, pauseMs: () => HOUR_MS, limitMs: HOUR_MS },
    ],
    stopSignal,
    (task, error) => recordRound(db, task, error),
  ),
]);

onStop([
  { name: "jobs", run: () => work },
  { name: "listener", run: () => listener.close() },
  { name: "database", run: () => db.$disconnect() },
]);
recordTelemetry(db, "jobs", stopSignal);
ready();
