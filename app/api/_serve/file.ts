import type { SessionInfo } from "#lib/access/sessions.ts";
import { sessionSecret } from "#lib/access/token.ts";
import { recordDeed } from "#lib/audit/trail.ts";
import { localUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import type { Database } from "#lib/db/client.ts";
import { CONTENT_TYPES, render } from "#lib/export/formats.ts";
import type { Format, Table } from "#lib/export/table.ts";
import type { Report } from "#lib/report/library.ts";
import { printPdf } from "#lib/report/pdf.ts";
import { shareToken } from "#lib/report/share.ts";

type Told = {
  db: Database;
  session: SessionInfo;
  name: string;
  format: Format;
  details: Record<string, string | number>;
};

const noted = ({ db, session }: Pick<Told, "db" | "session">, subject: string, details: Told["details"]) =>
  recordDeed(db, {
    userId: session.user.id,
    email: session.user.email,
    action: "export",
    subject,
    details,
    now: Date.now(),
  });

const headersOf = (type: string, file: string) => ({
  "content-type": type,
  "content-disposition": `attachment; filename="${file}"`,
  "cache-control": "no-store",
  "x-accel-buffering": "no",
});

/** Answers a table as a file that is made while it is taken; that it was taken is in the audit trail before its first byte. */
export async function fileOf(table: Table, { name, format, details, ...who }: Told): Promise<Response> {
  await noted(who, name, { format, ...details });
  return new Response(render(table, format), { headers: headersOf(CONTENT_TYPES[format], `${name}.${format}`) });
}

const PDF_LIFE_MS = 60_000;

/** Answers a report as PDF: Chromium opens it by a link that lives for a minute. */
export async function pdfOf({ id, type }: Report, who: Pick<Told, "db" | "session">): Promise<Response> {
  await noted(who, `report-${id}`, { format: "pdf", type });
  const token = shareToken(id, Date.now() + PDF_LIFE_MS, sessionSecret());
  const pdf = await printPdf(`${localUrl(readEnvironment())}/shared/${token}`);
  return new Response(new Uint8Array(pdf), { headers: headersOf("application/pdf", `report-${id}.pdf`) });
}
