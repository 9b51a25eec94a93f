import type { Sender } from "#lib/alerts/channels/send.ts";
import { deliverAlerts } from "#lib/alerts/deliver.ts";
import { removeUsedLinks } from "#lib/alerts/email-links.ts";
import { queueWaitingDeliveries } from "#lib/alerts/queue-deliveries.ts";
import { followReplies } from "#lib/alerts/telegram-replies.ts";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import type { Database } from "#lib/db/client.ts";
import { queueWaitingWebhooks, sendVerdicts } from "#lib/experiments/judge-running.ts";
import { sealStoredWebhooks } from "#lib/experiments/webhook.ts";
import { queueWaitingExports } from "#lib/exports/jobs.ts";
import { removeExpiredTokens } from "#lib/hosts/agents/enrolment-tokens.ts";
import { refreshUpcoming } from "#lib/insights/upcoming.ts";
import { Dispatcher, type QueueWork } from "#lib/jobs/dispatcher.ts";
import { recordRound, removeForgotten, runParts } from "#lib/jobs/failures.ts";
import { removeFailedJobs } from "#lib/jobs/queue.ts";
import { log } from "#lib/log.ts";
import { type MailServer, openMailServer } from "#lib/notify/mail-server.ts";
import { deliverNotices } from "#lib/notify/notices.ts";
import { sealProcesses } from "#lib/processes/seal.ts";
import { deliverMails, queueWaitingMails, type ReportMailer } from "#lib/reports/deliver.ts";
import { queueSchedules, runSchedules } from "#lib/reports/schedule.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { stopSignal } from "../lifecycle.ts";
import type { StopStep } from "../stop.ts";
import { repeatTasks } from "../tasks.ts";

// Works off the queue: scheduled reports, mails, webhooks, and exports in a process of their own. Several processes share the work; one that is
// killed costs nothing. It sleeps until a job is due or is woken.

const NO_SERVER_MS = MINUTE_MS;

/** How often (ms) hosts are looked for whose future was not looked at for long. */
const UPCOMING_MS = 5 * MINUTE_MS;

/** How often (ms) it is asked what was pressed under notifications. */
const REPLIES_MS = 10_000;

/** Sends by the mail server, if there is one: until then mails wait. */
async function withMailServer(
  db: Database,
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

// What draws mails takes 45 MB: loaded when one is due.
const renderReportEmail: ReportMailer["render"] = async (...parts) =>
  (await import("#components/mail/report-email.tsx")).renderReportEmail(...parts);
const renderAlertEmail: NonNullable<Sender["render"]> = async (...parts) =>
  (await import("#components/mail/alert-email.tsx")).renderAlertEmail(...parts);

/** `secret` signs the links of mails. */
const sendMails = (db: Database, publicUrl: string, secret: string, signal: AbortSignal) =>
  withMailServer(db, (server) =>
    deliverMails(db, { ...server, secret, render: renderReportEmail, publicUrl }, { signal }),
  );

const sendNotices = (db: Database, signal: AbortSignal) =>
  withMailServer(db, async (server) => {
    const { done, failed } = await deliverNotices(db, server, { signal });
    return { sent: done, failed };
  });

/** Tells the channels of alerts: those of mail by the mail server, if there is one. */
async function sendAlerts(db: Database, publicUrl: string, signal: AbortSignal): Promise<void> {
  const mail = await openMailServer(db);
  try {
    const { done, failed } = await deliverAlerts(db, { mail, portal: publicUrl, render: renderAlertEmail }, { signal });
    if (done + failed > 0) log.info({ done, failed }, "notifications sent");
  } finally {
    mail?.transport.close();
  }
}

async function runReports(db: Database, signal: AbortSignal): Promise<void> {
  const mails = await runSchedules(db, { signal });
  if (mails > 0) log.info({ mails }, "mails created");
}

async function sendWebhooks(db: Database, publicUrl: string | undefined, signal: AbortSignal): Promise<void> {
  const sent = await sendVerdicts(db, publicUrl, { signal });
  if (sent > 0) log.info({ sent }, "webhooks sent");
}

/** Queues what waits without a job, after an upgrade or a restore, and forgets what failed long ago. Again it does nothing. */
async function keepHouse(db: Database, signal: AbortSignal): Promise<void> {
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

/** Begins it with what makes exports, and answers what wakes it and how it ends. */
export function startJobs(db: Database, runExporter: QueueWork): { wake(): void; stopSteps: StopStep[] } {
  const environment = readEnvironment();
  const portal = portalUrl(environment);
  const dispatcher = new Dispatcher(db, {
    export: runExporter,
    mail: (signal) => sendMails(db, portal, process.env.NEXTAUTH_SECRET ?? "", signal),
    notice: (signal) => sendNotices(db, signal),
    alert: (signal) => sendAlerts(db, portal, signal),
    webhook: (signal) => sendWebhooks(db, environment.publicUrl, signal),
    "report schedule": (signal) => runReports(db, signal),
  });
  const work = Promise.all([
    dispatcher.run(stopSignal),
    repeatTasks(
      [
        { name: "housekeeping", run: (signal) => keepHouse(db, signal), pauseMs: () => HOUR_MS },
        {
          name: "upcoming",
          run: (signal) => refreshUpcoming(db, { now: Date.now(), signal }),
          pauseMs: () => UPCOMING_MS,
        },
        { name: "replies", run: (signal) => followReplies(db, Date.now(), signal), pauseMs: () => REPLIES_MS },
        // Takes away the files of exports that are over, and makes on the way what waits: for as long as a large one may take.
        { name: "export sweep", run: runExporter, pauseMs: () => HOUR_MS, limitMs: HOUR_MS },
      ],
      stopSignal,
      (task, error) => recordRound(db, task, error),
    ),
  ]);
  return { wake: () => dispatcher.wake(), stopSteps: [{ name: "jobs", run: () => work }] };
}
