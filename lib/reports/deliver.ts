import type { Transporter } from "nodemailer";
import { recordAuditEvent } from "#lib/audit/trail.ts";
import { API_ROOT } from "#lib/contract/roots.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { ensureJobs } from "#lib/jobs/queue.ts";
import { type JobHandler, runDueJobs, type WorkOptions } from "#lib/jobs/worker.ts";
import { type Email, sendEmail } from "#lib/notify/mail.ts";
import { type Report, readReport } from "#lib/reports/library.ts";
import { optOutToken } from "#lib/reports/opt-out.ts";

/** What a mail says of a report. */
export type ReportEmailInput = Pick<Report, "title" | "from" | "to" | "insights" | "sections">;

/** How reports are mailed: by which server, from whom, and drawn by whom. */
export type ReportMailer = {
  transport: Transporter;
  from: string;
  publicUrl: string;
  secret: string;
  render(report: ReportEmailInput, envelope: { report: string; optOut: string; zone: string }): Promise<Email>;
};

/** The job of a delivery. */
export const mailJob = (id: number) => ({ key: String(id), payload: { id } });

/** Queues deliveries that wait and have no job: after an upgrade or a restore. */
export async function queueWaitingMails(db: Connection, now: number): Promise<number> {
  const rows = await db.reportDelivery.findMany({ where: { sentAt: null, failedAt: null }, select: { id: true } });
  return ensureJobs(
    db,
    "mail",
    rows.map(({ id }) => ({ ...mailJob(id), runAt: new Date(now) })),
  );
}

/**
 * Sends a delivery's mail, with one-click unsubscribe (RFC 8058). A kill between sending and writing that down sends it again under the same
 * Message-ID.
 */
const mailHandler = (db: Database, mailer: ReportMailer, now: () => number): JobHandler<{ id: number }> => ({
  async run({ id }) {
    const delivery = await db.reportDelivery.findUnique({
      where: { id },
      include: { schedule: { select: { zone: true } } },
    });
    if (!delivery || delivery.sentAt || delivery.failedAt) return;
    const { scheduleId, recipient, reportId } = delivery;
    const token = optOutToken(scheduleId, recipient, mailer.secret);
    const envelope = {
      zone: delivery.schedule.zone,
      report: `${mailer.publicUrl}/reports/${reportId}`,
      optOut: `${mailer.publicUrl}/unsubscribe?token=${token}`,
    };
    const email = await mailer.render(await readReport(db, reportId, true), envelope);
    await sendEmail(mailer.transport, email, {
      from: mailer.from,
      to: recipient,
      messageId: `<report-${id}-${scheduleId}@sightline>`,
      headers: {
        "List-Unsubscribe": `<${mailer.publicUrl}${API_ROOT}/unsubscribe?token=${token}>`,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      },
    });
    await db.reportDelivery.update({ where: { id }, data: { sentAt: new Date(now()), failure: null } });
    const details = { to: recipient, schedule: scheduleId };
    const sent = { userId: null, email: "", action: "mail", subject: `report ${reportId}`, details, now: now() };
    await recordAuditEvent(db, sent);
  },
  async failed({ id }, reason, last) {
    const data = { failure: reason, failedAt: last ? new Date(now()) : null };
    await db.reportDelivery.updateMany({ where: { id, sentAt: null }, data });
  },
});

/** Sends the mails that are due. */
export async function deliverMails(
  db: Database,
  mailer: ReportMailer,
  options: WorkOptions = {},
): Promise<{ sent: number; failed: number }> {
  const handler = mailHandler(db, mailer, options.now ?? Date.now);
  const { done, failed } = await runDueJobs(db, "mail", handler, options);
  return { sent: done, failed };
}
