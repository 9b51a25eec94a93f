import { randomBytes } from "node:crypto";
import { assertOwns } from "#lib/access/ownership.ts";
import type { UserInfo } from "#lib/access/users.ts";
import { hashToken, readUnexpired, signUntil } from "#lib/crypto/signed.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { type Report, readReport } from "#lib/reports/library.ts";

/** A link to a report, without its token. */
export type Share = { id: string; createdAt: Date; expiresAt: Date };

/** Creates a link: whoever has its token reads this one report until it expires or is taken back. The token is answered once and never kept. */
export async function createShare(
  db: Connection,
  reportId: number,
  expiresAt: Date,
  userId: string,
): Promise<{ token: string }> {
  const token = randomBytes(24).toString("base64url");
  await db.reportShare.create({ data: { reportId, expiresAt, createdBy: userId, hash: hashToken(token) } });
  return { token };
}

/** The links of a report that still open it at `now` (ms), newest first. */
export const listShares = (db: Connection, reportId: number, now: number): Promise<Share[]> =>
  db.reportShare.findMany({
    where: { reportId, expiresAt: { gt: new Date(now) } },
    orderBy: { createdAt: "desc" },
    select: { id: true, createdAt: true, expiresAt: true },
  });

/** Takes a link back. @throws DomainError not-found; forbidden for another's, unless all may be managed */
export async function revokeShare(db: Connection, id: string, user: Pick<UserInfo, "id" | "role">): Promise<void> {
  const row = await db.reportShare.findUnique({ where: { id }, select: { createdBy: true } });
  if (!row) throw new DomainError("not-found", "There is no such link");
  assertOwns(user, row.createdBy, "link");
  await db.reportShare.deleteMany({ where: { id } });
}

const PRINTING = "print report";

/** A token that opens a report without a link of its own, until an instant (ms): for the portal itself, which prints it. */
export const shareToken = (reportId: number, expiresAt: number, secret: string): string =>
  signUntil(PRINTING, reportId, expiresAt, secret);

/** The report that a link is of. @throws DomainError not-found for one that is forged, expired or taken back, or whose report is gone */
export async function readShared(db: Connection, token: string, secret: string, now: number): Promise<Report> {
  const printed = token.includes(".") ? readUnexpired(PRINTING, token, secret, now) : undefined;
  const share = printed ?? (await db.reportShare.findUnique({ where: { hash: hashToken(token) } }));
  if (typeof share === "number") return readReport(db, share, true);
  if (!share || share.expiresAt.getTime() <= now)
    throw new DomainError("not-found", "This link has expired, was taken back or is incomplete: ask for a new one");
  return readReport(db, share.reportId, true);
}
