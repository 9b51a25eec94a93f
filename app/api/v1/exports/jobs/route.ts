import { noteExport } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import { createExportJobEndpoint, exportJobsEndpoint } from "#lib/contract/exports.ts";
import { linked } from "#lib/exports/files.ts";
import { createJob, listJobs } from "#lib/exports/jobs.ts";
import type { ExportRequest } from "#lib/exports/request.ts";

export const GET = serve(exportJobsEndpoint, async ({ db, session }) =>
  (await listJobs(db, session.user.id)).map((job) => linked(job, sessionSecret())),
);

export const POST = serve(createExportJobEndpoint, async ({ db, body: { format, request }, session }) => {
  const { id: ownerId, role } = session.user;
  const { job, details } = await createJob(db, request as ExportRequest, { ownerId, role, format, now: Date.now() });
  await noteExport({ db, session }, job.name, { format, background: "yes", ...details });
  return linked(job, sessionSecret());
});
