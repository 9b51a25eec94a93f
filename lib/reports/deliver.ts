import nodemailer, { type Transporter } from "nodemailer";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { type Report, readReport } from "#lib/reports/library.ts";
import { optOutToken } from "#lib/reports/opt-out.ts";

export type Picture = { cid: string; png: Uint8Array };

/** What a mail says, made by whoever knows how to draw one. */
export type Email = { subject: string; html: string; text: string; pictures: Picture[] };

/** What a letter tells of a report. */
export type ReportEmailInput = Pick<Report, "title" | "from" | "to" | "insights" | "sections">;

export type MailSender = {
  transport: Transporter;
  from: string;
  publicUrl: string;
  secret: string;
  render(report: ReportEmailInput, links: { report: string; optOut: string }): Promise<Email>;
};

/** @throws DomainError validation where the server does not answer, or refuses the account */
export async function assertReachable(url: string): Promise<void> {
  const transport = openTransport(url);
  try {
    await transport.verify();
  } catch (error) {
    const message = `The mail server refused: ${(error as Error).message}`;
    throw new DomainError("validation", message, { fields: [{ field: "url", message }] });
  } finally {
    transport.close();
  }
}

const TRIES = 8;

/** A way to a mail server by its URL: smtp://user:password@host:587, or smtps:// for TLS from the start. */
export const openTransport = (url: string): Transporter =>
  nodemailer.createTransport(url, { connectionTimeout: 10_000, socketTimeout: 20_000 } as object);

/** Claims what is due for a while, so that two workers never send the same mail at once. */
const claim = (db: Database, now: number, count: number) => db.$queryRaw<
  { id: number; scheduleId: number; recipient: string; reportId: number; attempts: number }[]
>`
  UPDATE report_delivery SET attempts = attempts + 1, try_at = ${new Date(now)}::timestamptz + interval '1 minute' * power(2, attempts)
  WHERE id IN (
    SELECT id FROM report_delivery WHERE sent_at IS NULL AND attempts < ${TRIES} AND try_at <= ${new Date(now)}
    ORDER BY id LIMIT ${count} FOR UPDATE SKIP LOCKED
  ) RETURNING id, schedule_id AS "scheduleId", recipient, report_id AS "reportId", attempts`;

/**
 * Sends mails that are due, each with one-click unsubscribe (RFC 8058). One that fails is tried again after 1, 2, 4 … minutes, eight times. A
 * kill between sending and writing that down sends it again under the same Message-ID.
 */
export async function deliverDue(
  db: Database,
  sender: MailSender,
  now: number,
  count = 20,
): Promise<{ sent: number; failed: number }> {
  const done = { sent: 0, failed: 0 };
  for (const { id, scheduleId, recipient, reportId } of await claim(db, now, count)) {
    try {
      const report = await readReport(db, reportId, true);
      const token = optOutToken(scheduleId, recipient, sender.secret);
      const links = {
        report: `${sender.publicUrl}/reports/${reportId}`,
        optOut: `${sender.publicUrl}/unsubscribe?token=${token}`,
      };
      const { subject, html, text, pictures } = await sender.render(report, links);
      await sender.transport.sendMail({
        ...{ from: sender.from, to: recipient, subject, html, text },
        messageId: `<report-${id}-${scheduleId}@sightline>`,
        attachments: pictures.map(({ cid, png }) => ({
          cid,
          filename: `${cid}.png`,
          content: Buffer.from(png),
          contentType: "image/png",
        })),
        headers: {
          "List-Unsubscribe": `<${sender.publicUrl}/api/v1/unsubscribe?token=${token}>`,
          "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
      });
      await db.reportDelivery.update({ where: { id }, data: { sentAt: new Date(now), failure: null } });
      done.sent++;
    } catch (error) {
      await db.reportDelivery.update({ where: { id }, data: { failure: (error as Error).message.slice(0, 500) } });
      done.failed++;
    }
  }
  return done;
}
