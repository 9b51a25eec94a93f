import type { z } from "zod";
import type { Reader } from "#app/_access/reader.ts";
import { auditAs, type Who } from "#app/api/_serve/audit.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import { recordAuditEvent } from "#lib/audit/trail.ts";
import { localUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import type { ExportFormat, PostMortemFormat } from "#lib/contract/enums.ts";
import type { ExportKind, ExportRequest } from "#lib/contract/export-requests.ts";
import type { Database } from "#lib/db/client.ts";
import type { ExportFile } from "#lib/exports/files.ts";
import { prepareExport } from "#lib/exports/prepare.ts";
import { TimeFormat, timeStyle } from "#lib/format/date-time.ts";
import { toHtml } from "#lib/incidents/post-mortem-page.ts";
import { toMarkdown } from "#lib/incidents/post-mortem-text.ts";
import type { PostMortemInfo } from "#lib/incidents/post-mortems.ts";
import type { Report } from "#lib/reports/library.ts";
import { printPdf } from "#lib/reports/pdf.ts";
import { shareToken } from "#lib/reports/share.ts";
import { CONTENT_TYPES, render } from "#lib/tables/formats.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** That something was exported is in the audit trail before its first byte. */
export const noteExport = (who: Who, subject: string, details: Record<string, string | number>) =>
  auditAs(who, "export", subject, details);

/** Headers hold no more than ASCII: a name's other letters go. */
const headersOf = (type: string, file: string) => ({
  "content-type": type,
  "content-disposition": `attachment; filename="${file.replace(/[^\w. -]/g, "_")}"`,
  "cache-control": "no-store",
  "x-accel-buffering": "no",
});

/** Answers a text as a file of YAML. */
export const yamlResponse = (text: string, file: string): Response =>
  new Response(text, { headers: headersOf("application/yaml; charset=utf-8", file) });

/** Answers an export of a kind as a file that is made while it is taken. */
export const serveExport = (kind: ExportKind, endpoint: Endpoint<z.ZodObject, z.ZodObject>) =>
  serve(endpoint, async ({ db, params, query: input, session }) => {
    const { format, ...query } = input as { format: ExportFormat };
    const reader = { role: session.user.role, format, direct: true, now: Date.now() };
    const { table, name, details } = await prepareExport(db, { kind, ...params, ...query } as ExportRequest, reader);
    await noteExport({ db, session }, name, { format, ...details });
    return new Response(render(table, format), { headers: headersOf(CONTENT_TYPES[format], `${name}.${format}`) });
  });

/** Records in the audit trail that a file was downloaded by its link, whose user is not known. A resumed download is not a second one. */
export async function recordDownload(db: Database, { name, range }: ExportFile, address: string): Promise<void> {
  if (range && range.start > 0) return;
  const whoever = { userId: null, email: "whoever has the link" };
  await recordAuditEvent(db, { ...whoever, action: "download", subject: name, details: { address }, now: Date.now() });
}

/** Answers a file that was made before, or a range of it, so that a download that broke goes on. */
export function fileResponse({ jobId, name, format, size, range, bytes }: ExportFile): Response {
  const headers = {
    ...headersOf(CONTENT_TYPES[format], name),
    "accept-ranges": "bytes",
    etag: `"export-${jobId}"`,
    "content-length": String(range ? range.end - range.start + 1 : size),
    ...(range ? { "content-range": `bytes ${range.start}-${range.end}/${size}` } : {}),
  };
  return new Response(bytes(), { status: range ? 206 : 200, headers });
}

const ENDINGS: Record<PostMortemFormat, { type: string; ending: string }> = {
  markdown: { type: "text/markdown; charset=utf-8", ending: "md" },
  html: { type: "text/html; charset=utf-8", ending: "html" },
  pdf: { type: "application/pdf", ending: "pdf" },
};

/** Answers a post-mortem as a file, its times as whoever asked reads them. */
export async function postMortemFile(
  { incidentId, ...text }: PostMortemInfo,
  format: PostMortemFormat,
  who: Who,
  { zone, languages }: Reader,
): Promise<Response> {
  const name = `post-mortem-${incidentId}`;
  await noteExport(who, name, { format });
  const { type, ending } = ENDINGS[format];
  const style = timeStyle(zone, languages);
  const time = new TimeFormat(style);
  const markdown = toMarkdown(text, (part) => time.inText(part));
  const html = () => toHtml(text.title, markdown);
  const content =
    format === "pdf"
      ? new Uint8Array(await printPdf({ html: html() }, { zone: style.zone, languages }))
      : format === "html"
        ? html()
        : markdown;
  return new Response(content, { headers: headersOf(type, `${name}.${ending}`) });
}

const PDF_LIFE_MS = MINUTE_MS;

/** Answers a report as PDF: Chromium opens it by a link that lives for a minute. */
export async function pdfOf({ id, type }: Report, who: Who, { zone, languages }: Reader): Promise<Response> {
  await noteExport(who, `report-${id}`, { format: "pdf", type });
  const token = shareToken(id, Date.now() + PDF_LIFE_MS, sessionSecret());
  const pdf = await printPdf(
    { url: `${localUrl(readEnvironment())}/shared/${token}` },
    {
      ...timeStyle(zone, languages),
      languages,
    },
  );
  return new Response(new Uint8Array(pdf), { headers: headersOf("application/pdf", `report-${id}.pdf`) });
}
