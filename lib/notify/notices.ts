import type { Transporter } from "nodemailer";
import { portalSecret } from "#lib/config/secret.ts";
import { openText, sealText } from "#lib/crypto/sealed.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { escapeMarkup } from "#lib/format/markup.ts";
import { sendJob } from "#lib/jobs/queue.ts";
import { type JobHandler, runDueJobs, type WorkOptions } from "#lib/jobs/worker.ts";
import { sendEmail } from "#lib/notify/mail.ts";
import { isMailSet } from "#lib/settings/store.ts";

/** A short mail to one person, in plain words. */
export type Notice = { to: string; subject: string; lines: string[] };

/** Queues a notice, once for its key; none where mails cannot be sent, since nobody would want it later. Answers whether it will be sent. */
export async function queueNotice(db: Connection, key: string, notice: Notice): Promise<boolean> {
  if (!(await isMailSet(db))) return false;
  // It may hold a link that lets somebody in: the queue does not show it.
  await sendJob(db, "notice", { key, payload: { sealed: sealText(JSON.stringify(notice), portalSecret()) } });
  return true;
}

/** @throws Error where it was sealed by a portal with another secret */
function openNotice({ sealed }: { sealed: string }): Notice {
  const text = openText(sealed, portalSecret());
  if (text === undefined) throw new Error("The notice was encrypted by another portal");
  return JSON.parse(text) as Notice;
}

const handler = (transport: Transporter, from: string): JobHandler<{ sealed: string }> => ({
  async run(payload, job) {
    const { to, subject, lines } = openNotice(payload);
    const html = lines.map((line) => `<p>${escapeMarkup(line)}</p>`).join("\n");
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
