import type { ReportChoice } from "#components/reports/report-library.tsx";
import { REPORT_TYPES } from "#lib/contract/enums.ts";
import { database } from "#lib/db/client.ts";
import { isBuiltIn, REPORTS } from "#lib/reports/compose.ts";
import { listTemplates } from "#lib/reports/templates.ts";

/** What a reader may have made: the types that come with Sightline, then the templates. */
export async function reportChoices(mayReadAudit: boolean): Promise<ReportChoice[]> {
  const types = REPORT_TYPES.filter(isBuiltIn).filter((type) => mayReadAudit || type !== "audit");
  const templates = await listTemplates(database(), mayReadAudit);
  return [
    ...types.map((value): ReportChoice => ({ value, title: REPORTS[value].title })),
    ...templates.map(({ id, name }): ReportChoice => ({ value: `template:${id}`, title: `Template: ${name}` })),
  ];
}
