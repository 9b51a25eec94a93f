import { randomBytes } from "node:crypto";
import type { Connection, Database } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

export const PUBLISHABLE_PREFIX = "slp_";

/** How often a key's last use is written down. */
const SEEN_MS = MINUTE_MS;

/** A key as a request holds it: the experiments, by key, that it may assign and ingest for, and the origins that it may come from. */
export type PublishableKey = { id: number; experiments: string[]; origins: string[] };

export type NewPublishableKey = { name: string; experiments: string[]; origins: string[] };

const SHOWN = { id: true, name: true, key: true, experiments: true, origins: true, createdAt: true, lastUsedAt: true };

/** All keys, newest first, with their texts: everybody who reads the source of a page has them. */
export const listPublishableKeys = (db: Connection) =>
  db.publishableKey.findMany({ orderBy: { id: "desc" }, select: SHOWN });

/** Makes a key. @throws DomainError validation for an experiment that there is not, or that takes no subjects */
export async function createPublishableKey(db: Database, input: NewPublishableKey, userId: string) {
  const rows = await db.experiment.findMany({
    where: { key: { in: input.experiments }, kind: "ab" },
    select: { key: true },
  });
  const missing = input.experiments.find((key) => !rows.some((row) => row.key === key));
  if (missing !== undefined) {
    const message = `There is no A/B experiment "${missing}": GET /api/v1/experiments lists them by key`;
    throw invalidField("experiments", message);
  }
  const key = PUBLISHABLE_PREFIX + randomBytes(24).toString("base64url");
  const data = { ...input, experiments: [...new Set(input.experiments)], key, createdBy: userId };
  return db.publishableKey.create({ data, select: SHOWN });
}

/** Revokes a key. @throws DomainError not-found */
export async function removePublishableKey(db: Connection, id: number): Promise<void> {
  const { count } = await db.publishableKey.deleteMany({ where: { id } });
  if (count === 0) throw new DomainError("not-found", "There is no such publishable key");
}

/**
 * The key of a request from an origin; undefined where there is none such.
 * @throws DomainError forbidden for an origin that the key does not name, and for a request without one, which comes from no browser
 */
export async function findPublishableKey(
  db: Database,
  text: string,
  origin: string | null,
  now = Date.now(),
): Promise<PublishableKey | undefined> {
  const row = await db.publishableKey.findUnique({ where: { key: text }, select: SHOWN });
  if (!row) return undefined;
  if (origin === null || !row.origins.includes(origin))
    throw new DomainError(
      "forbidden",
      origin === null
        ? "A publishable key is for browsers, which send the Origin header: a server sends an API token"
        : `This publishable key is not for pages of ${origin}: name the origin on the page Experiments > Publishable keys`,
    );
  if (Math.abs(now - (row.lastUsedAt?.getTime() ?? 0)) > SEEN_MS)
    await db.publishableKey.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date(now) } });
  return { id: row.id, experiments: row.experiments, origins: row.origins };
}

/** Whether any key is for pages of an origin: what a browser asks before it sends the key itself. */
export async function hasKeyFor(db: Connection, origin: string): Promise<boolean> {
  return (await db.publishableKey.count({ where: { origins: { has: origin } } })) > 0;
}

/** Refuses an experiment that a key does not name. Without a key everything is covered. @throws DomainError forbidden */
export function assertCovers(key: PublishableKey | undefined, experiment: { key: string }): void {
  if (!key || key.experiments.includes(experiment.key)) return;
  throw new DomainError("forbidden", `This publishable key is not for the experiment ${experiment.key}`);
}

/** Whether an event `f` may count for an experiment, by the SQL of its key: a publishable key's only for those that the key names. */
export const mayCount = (experimentKey: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`(coalesce(cardinality(f.experiments), 0) = 0 OR ${experimentKey} = ANY(f.experiments))`;
