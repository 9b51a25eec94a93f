import type { Role } from "#lib/access/roles.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { EXCEL_ROWS } from "#lib/export/formats.ts";
import { namedSeries, type SamplesWanted } from "#lib/export/samples.ts";
import type { Format } from "#lib/export/table.ts";
import { readIntervals } from "#lib/query/frames.ts";

/** The most samples that one export of a role may hold. */
const EXPORT_ROWS: Record<Role, number> = {
  admin: 1_000_000_000,
  operator: 1_000_000_000,
  engineer: 100_000_000,
  analyst: 100_000_000,
  viewer: 1_000_000,
};

/** Refuses samples that are more than a role, or a worksheet, may hold, before a byte is written. @throws DomainError not-found, too-costly */
export async function assertExportable(
  db: Connection,
  wanted: SamplesWanted,
  format: Format,
  role: Role,
): Promise<number> {
  const [series, intervals] = await Promise.all([
    namedSeries(db, wanted.host.id, wanted.series),
    readIntervals(db, wanted.host.id),
  ]);
  const span = wanted.to - wanted.from;
  const rows = series.reduce(
    (sum, { sourceId }) => sum + Math.ceil(span / (wanted.stepMs ?? intervals.get(sourceId) ?? 1_000)),
    0,
  );
  const refuse = (field: string, message: string): never => {
    throw new DomainError("too-costly", message, { fields: [{ field, message }] });
  };
  if (rows > EXPORT_ROWS[role])
    refuse(
      "from",
      `About ${rows} samples: your role exports at most ${EXPORT_ROWS[role]} at once; take a step, or a shorter range`,
    );
  if (format === "xlsx" && rows > EXCEL_ROWS)
    refuse(
      "format",
      `About ${rows} samples, and a worksheet holds ${EXCEL_ROWS}: take CSV, a step, or a shorter range`,
    );
  return rows;
}
