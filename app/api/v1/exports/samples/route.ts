import { exportSamplesEndpoint } from "#app/api/_contract/exports.ts";
import { fileOf } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { assertExportable } from "#lib/export/limits.ts";
import { samplesTable } from "#lib/export/samples.ts";
import { findHost } from "#lib/query/catalog.ts";
import { parseDuration, parseSpan } from "#lib/query/instant.ts";

export const GET = serve(exportSamplesEndpoint, async ({ db, query, session }) => {
  const { series, step, format } = query;
  const host = await findHost(db, query.host);
  const span = parseSpan(query, Date.now());
  const wanted = { host, series, ...span, stepMs: step ? parseDuration(step, "step") : undefined };
  const rows = await assertExportable(db, wanted, format, session.user.role);
  const details = { host: host.name, series: series.join(" "), ...span, rows };
  return fileOf(await samplesTable(db, wanted), { db, session, name: `samples-${host.name}`, format, details });
});
