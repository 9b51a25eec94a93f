import type { SessionInfo } from "#lib/access/sessions.ts";
import { recordDeed } from "#lib/audit/trail.ts";
import type { Database } from "#lib/db/client.ts";
import { CONTENT_TYPES, render } from "#lib/export/formats.ts";
import type { Format, Table } from "#lib/export/table.ts";

type Told = {
  db: Database;
  session: SessionInfo;
  name: string;
  format: Format;
  details: Record<string, string | number>;
};

/** Answers a table as a file that is made while it is taken; that it was taken is in the audit trail before its first byte. */
export async function fileOf(table: Table, { db, session, name, format, details }: Told): Promise<Response> {
  await recordDeed(db, {
    userId: session.user.id,
    email: session.user.email,
    action: "export",
    subject: name,
    details: { format, ...details },
    now: Date.now(),
  });
  return new Response(render(table, format), {
    headers: {
      "content-type": CONTENT_TYPES[format],
      "content-disposition": `attachment; filename="${name}.${format}"`,
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  });
}
