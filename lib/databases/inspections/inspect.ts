import { SEVERITIES } from "#lib/contract/enums.ts";
import {
  inspectAvailability,
  inspectConnections,
  inspectPooler,
  inspectRights,
} from "#lib/databases/inspections/availability.ts";
import type { Finding, Inspected, Inspection } from "#lib/databases/inspections/finding.ts";
import {
  inspectDuplicateIndexes,
  inspectInvalidIndexes,
  inspectMissingIndexes,
  inspectUnusedIndexes,
} from "#lib/databases/inspections/indexes.ts";
import {
  inspectCache,
  inspectCheckpoints,
  inspectLag,
  inspectSettings,
  inspectSlots,
  inspectTemp,
  inspectWraparound,
} from "#lib/databases/inspections/server.ts";
import {
  inspectBlocked,
  inspectDeadlocks,
  inspectIdleTransactions,
  inspectLongTransactions,
} from "#lib/databases/inspections/sessions.ts";
import { inspectSlowStatements } from "#lib/databases/inspections/statements.ts";
import { inspectAnalyze, inspectBloat, inspectDeadRows } from "#lib/databases/inspections/tables.ts";

const INSPECTIONS: Inspection[] = [
  ...[inspectConnections, inspectBlocked, inspectIdleTransactions, inspectLongTransactions, inspectDeadlocks],
  ...[inspectWraparound, inspectSlots, inspectLag, inspectCheckpoints, inspectCache, inspectTemp, inspectSettings],
  ...[inspectDeadRows, inspectBloat, inspectAnalyze, inspectSlowStatements],
  ...[inspectMissingIndexes, inspectUnusedIndexes, inspectDuplicateIndexes, inspectInvalidIndexes],
  ...[inspectPooler, inspectRights],
];

const rankOf = ({ severity }: Finding) => -SEVERITIES.indexOf(severity);

/** What is the matter with a server, the gravest first. Of one that does not answer only that is said: the rest is of before. */
export function inspect(inspected: Inspected): Finding[] {
  const down = inspectAvailability(inspected);
  if (down.length > 0) return down;
  return INSPECTIONS.flatMap((inspection) => inspection(inspected)).sort((a, b) => rankOf(a) - rankOf(b));
}
