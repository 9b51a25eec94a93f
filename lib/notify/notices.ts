import type { Transporter } from "nodemailer";
import type { Database } from "#lib/db/client.ts";
import { sendJob } from "#lib/jobs/queue.ts";
import { type JobHandler, runDueJobs, type WorkOptions } from "#lib/jobs/worker.ts";
import { sendEmail } from "#lib/notify/mail.ts";
import { readSettings } from "#lib/settings/store.ts";

/** A short mail to one person, in plain words. */
export type Notice = { to: string; subject: string; lines: string[] };

/** Queues a notice, once for its key; none where mails cannot be sent, since nobody would want it later. */
export async function queueNotice(db: Database, key: string, notice: Notice): Promise<void> {
  const { mail_from } = await readSettings(db);
  if (mail_from !== "") await sendJob(db, "notice", { key, payload: notice });
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

const handler = (transport: Transporter, from: string): JobHandler<Notice> => ({
  async run({ to, subject, lines }, job) {
    const html = lines.map((line) => `<p>${escaped(line)}</p>`).join("\n");
    const messageId = `<notice-${job.id}@sightline>`;
    await sendEmail(transport, { subject, html, text: lines.join("\n\n"), images: [] }, { from, to, messageId });
  },
});

/** Sends the notices that are due. */
export const deliverNotices = (
  db: Database,
  { transport, from }: { transport: Transporter; from: string },
  options: WorkOptions = {},
): Promise<{ done: number; failed: number }> => runDueJobs(db, "notice", handler(transport, from), options);
