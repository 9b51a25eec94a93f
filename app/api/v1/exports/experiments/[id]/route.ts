import { exportExperimentEndpoint } from "#app/api/_contract/exports.ts";
import { fileOf } from "#app/api/_serve/file.ts";
import { serve } from "#app/api/_serve/serve.ts";
import { resultsTable } from "#lib/export/lists.ts";
import { readResults } from "#lib/query/experiment-results.ts";
import { readExperiment } from "#lib/query/experiments.ts";

export const GET = serve(exportExperimentEndpoint, async ({ db, params, query: { format }, session }) => {
  const experiment = await readExperiment(db, params.id);
  const table = resultsTable(experiment, await readResults(db, experiment, Date.now()));
  return fileOf(table, { db, session, name: `experiment-${experiment.key}`, format, details: {} });
});
