import type { Email } from "#lib/reports/deliver.ts";

/** A letter as a page can show it: its pictures within its HTML. */
export function previewOf({ subject, html, text, pictures }: Email): { subject: string; html: string; text: string } {
  const shown = pictures.reduce(
    (so, { cid, png }) => so.replaceAll(`cid:${cid}"`, `data:image/png;base64,${Buffer.from(png).toString("base64")}"`),
    html,
  );
  return { subject, html: shown, text };
}
