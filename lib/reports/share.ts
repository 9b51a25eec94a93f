import { readUnexpired, signUntil } from "#lib/crypto/signed.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { type Report, readReport } from "#lib/reports/library.ts";

const PURPOSE = "share report";

/** A link's token: whoever has it reads this one report until it expires (ms), and nothing else. */
export const shareToken = (reportId: number, expiresAt: number, secret: string): string =>
  signUntil(PURPOSE, reportId, expiresAt, secret);

/** The report that a link is of. @throws DomainError not-found for one that is forged, has expired, or whose report is gone */
export async function readShared(db: Connection, token: string, secret: string, now: number): Promise<Report> {
  const reportId = readUnexpired(PURPOSE, token, secret, now);
  if (reportId === undefined)
    throw new DomainError("not-found", "This link has expired or is incomplete: ask for a new one");
  return readReport(db, reportId, true);
}
