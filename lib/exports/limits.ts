import type { ExportFormat } from "#lib/contract/enums.ts";
import type { Role } from "#lib/contract/roles.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { type SamplesWanted, samplesPerMs } from "#lib/exports/samples.ts";
import { EXCEL_ROWS } from "#lib/tables/xlsx.ts";

/** The most samples that one export of a role may hold. */
const EXPORT_ROWS: Record<Role, number> = {
  admin: 1_000_000_000,
  operator: 1_000_000_000,
  engineer: 100_000_000,
  analyst: 100_000_000,
  viewer: 1_000_000,
};

/** More than these in one answer would keep the portal's process busy for seconds, and others waiting. */
const DIRECT_SAMPLES = 2_000_000;

/** More cells than these few machines open, and a sheet of 4 GB no archive holds. */
const EXCEL_CELLS = 20_000_000;

/** Who exports as what; `direct` as the answer of a request, rather than in the background. */
export type Exporter = { role: Role; format: ExportFormat; direct?: boolean };

/**
 * Refuses samples that are more than a role, or a worksheet, may hold, before a byte is written. Answers about how many rows come.
 * @throws DomainError too-costly
 */
export async function assertExportable(db: Connection, wanted: SamplesWanted, exporter: Exporter): Promise<number> {
  const { series, from, to, stepMs, wide } = wanted;
  const perMs = stepMs ? series.length / stepMs : await samplesPerMs(db, wanted);
  const samples = Math.round((to - from) * perMs);
  const rows = wide ? Math.ceil(samples / series.length) : samples;
  assertRows({ samples, rows }, exporter);
  return rows;
}

/** Refuses an export of about so many samples in so many rows, where these are more than a role, a worksheet or one answer may hold. @throws DomainError too-costly */
export function assertRows(
  { samples, rows }: { samples: number; rows: number },
  { format, role, direct = false }: Exporter,
): void {
  const refuse = (field: string, message: string): never => {
    throw new DomainError("too-costly", message, { fields: [{ field, message }] });
  };
  if (samples > EXPORT_ROWS[role])
    refuse(
      "from",
      `About ${samples} samples: your role exports at most ${EXPORT_ROWS[role]} at once; take a step, or a shorter range`,
    );
  if (format === "xlsx" && (rows > EXCEL_ROWS || samples > EXCEL_CELLS))
    refuse(
      "format",
      `About ${samples} samples, and a worksheet holds ${EXCEL_ROWS} rows: take CSV, a step, or a shorter range`,
    );
  if (direct && samples > DIRECT_SAMPLES)
    refuse(
      "from",
      `About ${samples} samples: more than ${DIRECT_SAMPLES} are made in the background (POST /api/v1/exports/jobs); or take a step, or a shorter range`,
    );
}
