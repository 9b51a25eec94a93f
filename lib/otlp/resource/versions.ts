import { hasDeploy, recordAnnotation } from "#lib/annotations/annotations.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { log } from "#lib/log.ts";
import { readTarget, serviceOf } from "#lib/otlp/resource/target.ts";
import type { Resource } from "#lib/otlp/wire/messages.ts";
import { reasonOf } from "#lib/reason.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";

const VERSION = "service.version";
const MAX_TEXT = 200;
/** Versions that come within so long of a service's first one ran before it was measured: they are no deploys. */
const SETTLING_MS = 2 * MINUTE_MS;
/** A program that makes up a version for each start is no record of deploys. */
const MAX_NEW_A_DAY = 20;
const MAX_SERVICES = 1_000;
/** So many versions of a service are remembered, the newest. */
const KEPT_VERSIONS = 200;
/** What a process has seen is not looked up again. */
const MAX_KNOWN = 10_000;

type Running = { service: string; version: string };

const seenBy = new WeakMap<Database, Set<string>>();

function versionsSeenBy(db: Database): Set<string> {
  const own = seenBy.get(db) ?? new Set<string>();
  seenBy.set(db, own);
  if (own.size > MAX_KNOWN) own.clear();
  return own;
}

const names = (resource: Resource | undefined): boolean =>
  resource?.attributes?.some(({ key }) => key === VERSION) === true;

function runningOf(resource: Resource | undefined): Running {
  const target = readTarget(resource);
  return { service: serviceOf(target), version: target.labels[VERSION]?.slice(0, MAX_TEXT) ?? "" };
}

/**
 * Notes in which versions services run, at `now` (ms). A version that a service is seen in for the first time becomes a deploy, once; not the first
 * ones that are known of it, and not one that somebody has recorded. What cannot be noted is tried again with the next request.
 */
export async function noteVersions(
  db: Database,
  hostId: number,
  resources: readonly { resource?: Resource | undefined }[],
  now: number,
): Promise<void> {
  const seen = versionsSeenBy(db);
  for (const running of resources
    .filter(({ resource }) => names(resource))
    .map(({ resource }) => runningOf(resource))) {
    const key = JSON.stringify([hostId, running.service, running.version]);
    if (running.version === "" || seen.has(key)) continue;
    try {
      await db.$transaction((tx) => meet(tx, hostId, running, now));
      seen.add(key);
    } catch (error) {
      log.warn({ reason: reasonOf(error), service: running.service }, "a version of a service is not noted yet");
      return;
    }
  }
}

async function meet(tx: Connection, hostId: number, { service, version }: Running, now: number): Promise<void> {
  // One after the other: two versions that come at once would each be the first.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('service_version', ${hostId}))`;
  const day = new Date(now - DAY_MS);
  const [before] = await tx.$queryRaw<{ first: Date | null; recent: number; isThere: boolean; services: number }[]>`
    SELECT min(seen_at) AS first, count(*) FILTER (WHERE seen_at > ${day})::int AS recent,
      coalesce(bool_or(version = ${version}), false) AS "isThere",
      (SELECT count(DISTINCT service)::int FROM service_version WHERE host_id = ${hostId}) AS services
    FROM service_version WHERE host_id = ${hostId} AND service = ${service}`;
  if (!before || before.isThere || before.recent >= MAX_NEW_A_DAY) return;
  if (before.first === null && before.services >= MAX_SERVICES) return;
  await tx.serviceVersion.create({
    data: { hostId, service, version, seenAt: new Date(now) },
    select: { hostId: true },
  });
  await tx.$executeRaw`
    DELETE FROM service_version WHERE host_id = ${hostId} AND service = ${service} AND version IN (
      SELECT version FROM service_version WHERE host_id = ${hostId} AND service = ${service}
      ORDER BY seen_at DESC OFFSET ${KEPT_VERSIONS})`;
  if (before.first === null || now - before.first.getTime() < SETTLING_MS) return;
  if (await hasDeploy(tx, { hostId, service, version, since: new Date(now - DAY_MS) })) return;
  await recordAnnotation(tx, {
    ...{ hostId, at: new Date(now), kind: "deploy", text: `${service} ${version} seen for the first time` },
    ...{ service: service.slice(0, MAX_TEXT), version, key: `version ${hostId} ${service} ${version}` },
  });
}
