import type { Email } from "#lib/notify/mail.ts";

/** A mail as a page can show it: its images within its HTML. */
export function previewOf({ subject, html, text, images }: Email): { subject: string; html: string; text: string } {
  const embedded = images.reduce(
    (before, { cid, png }) =>
      before.replaceAll(`cid:${cid}"`, `data:image/png;base64,${Buffer.from(png).toString("base64")}"`),
    html,
  );
  return { subject, html: embedded, text };
}
