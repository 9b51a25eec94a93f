import type { z } from "zod";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { portalSecret } from "#lib/config/secret.ts";
import type { statusPageSchema } from "#lib/contract/status-pages.ts";
import { readSigned, signValue } from "#lib/crypto/signed.ts";
import type { Connection } from "#lib/db/client.ts";
import type { StatusPage as Row } from "#lib/db/generated/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";

/** A status page as it is written. */
export type StatusPageInput = z.output<typeof statusPageSchema>;

/** A status page as it is stored. */
export type StatusPage = StatusPageInput & { id: number };

/** Hosts that a page shows as one. */
export type StatusGroup = StatusPageInput["groups"][number];

const PURPOSE = "status page";

const toPage = ({ createdBy: _, ...row }: Row): StatusPage => ({ ...row, groups: row.groups as StatusGroup[] });

/** Where a page is: one that is not public carries the token that opens it. */
export function statusUrl({ id, slug, isPublic }: Pick<StatusPage, "id" | "slug" | "isPublic">): string {
  const token = isPublic ? "" : `?token=${encodeURIComponent(signValue(PURPOSE, id, portalSecret()))}`;
  return `${portalUrl(readEnvironment())}/status/${slug}${token}`;
}

/** All pages by title. */
export async function listStatusPages(db: Connection): Promise<(StatusPage & { url: string; subscribers: number })[]> {
  const rows = await db.statusPage.findMany({ orderBy: [{ title: "asc" }, { id: "asc" }] });
  const counts = await db.statusSubscriber.groupBy({
    by: ["pageId"],
    where: { confirmedAt: { not: null } },
    _count: { id: true },
  });
  return rows.map((row) => ({
    ...toPage(row),
    url: statusUrl(row),
    subscribers: counts.find(({ pageId }) => pageId === row.id)?._count.id ?? 0,
  }));
}

async function assertPage(db: Connection, { slug, groups }: StatusPageInput, id?: number): Promise<void> {
  const other = await db.statusPage.findUnique({ where: { slug }, select: { id: true } });
  if (other && other.id !== id) {
    const message = `There is a status page ${slug} already`;
    throw invalidField("slug", message);
  }
  for (const [n, { hostIds }] of groups.entries()) await assertHosts(db, hostIds, `groups.${n}.host_ids`);
}

/** Creates a status page. @throws DomainError validation */
export async function createStatusPage(db: Connection, input: StatusPageInput, userId: string): Promise<void> {
  await assertPage(db, input);
  await db.statusPage.create({ data: { ...input, createdBy: userId } });
}

const noSuch = (what: number | string) => new DomainError("not-found", `There is no status page ${what}`);

/** Writes the whole of a status page. @throws DomainError not-found, validation */
export async function replaceStatusPage(db: Connection, id: number, input: StatusPageInput): Promise<void> {
  await assertPage(db, input, id);
  if ((await db.statusPage.updateMany({ where: { id }, data: input })).count === 0) throw noSuch(id);
}

/** Deletes a status page with its subscribers. @throws DomainError not-found */
export async function removeStatusPage(db: Connection, id: number): Promise<void> {
  if ((await db.statusPage.deleteMany({ where: { id } })).count === 0) throw noSuch(id);
}

/** The page of a slug, for whoever may see it. @throws DomainError not-found, also for one that is not public and whose token is not given */
export async function openStatusPage(db: Connection, slug: string, token: string | undefined): Promise<StatusPage> {
  const row = await db.statusPage.findUnique({ where: { slug } });
  const opened = row && (row.isPublic || readSigned<number>(PURPOSE, token ?? "", portalSecret()) === row.id);
  if (!row || !opened) throw noSuch(slug);
  return toPage(row);
}
