import { noteExport } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { sessionSecret } from "#lib/access/token.ts";
import * as contract from "#lib/contract/index.ts";
import { withPath } from "#lib/exports/files.ts";
import { createJob, listJobs } from "#lib/exports/jobs.ts";

export const GET = serve(contract.exports.jobs, async ({ db, session }) =>
  (await listJobs(db, session.user.id)).map((job) => withPath(job, sessionSecret())),
);

export const POST = serve(contract.exports.createJob, async ({ db, body: { format, request }, session }) => {
  const { id: ownerId, role } = session.user;
  const { job, details } = await createJob(db, request, { ownerId, role, format, now: Date.now() });
  await noteExport({ db, session }, job.name, { format, background: "yes", ...details });
  return withPath(job, sessionSecret());
});
