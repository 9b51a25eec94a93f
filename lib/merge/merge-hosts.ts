import { moveAlerts } from "#lib/alerts/move-alerts.ts";
import { moveAnnotations } from "#lib/annotations/annotations.ts";
import { moveAnomalies } from "#lib/anomalies/move-anomalies.ts";
import { moveChecks } from "#lib/checks/checks.ts";
import { moveServers } from "#lib/databases/move-servers.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { moveVariants } from "#lib/experiments/move-variants.ts";
import { assertHosts, type HostInfo, readHost } from "#lib/hosts/hosts.ts";
import { removeHost } from "#lib/hosts/remove-host.ts";
import { moveRecommendationStates } from "#lib/insights/recommendation-state.ts";
import { moveProcesses } from "#lib/processes/move-processes.ts";
import { moveReports } from "#lib/reports/move-reports.ts";
import { moveSlos } from "#lib/slo/slos.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { type HostMove, moveSeries } from "#lib/tsdb/maintenance.ts";

/** A year of a host's minutes and hours, with its alerts. */
const TRANSACTION = { timeout: 10 * MINUTE_MS, maxWait: MINUTE_MS };

/**
 * Makes one host of two: a retired one's history goes to the host that goes on for it, and the retired one is no more. All of it or nothing.
 * @throws DomainError not-found; validation for the same host or one that is retired; conflict for one that is watched, or whose alerts are still being ended
 */
export async function mergeHosts(db: Database, move: HostMove): Promise<HostInfo> {
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL statement_timeout = 0`;
    await assertMergeable(tx, move);
    const series = await moveSeries(tx, move);
    await moveProcesses(tx, move);
    await moveAnnotations(tx, move);
    await moveChecks(tx, move);
    await moveSlos(tx, move);
    await moveServers(tx, move);
    await moveAnomalies(tx, move, series);
    await moveAlerts(tx, move, series);
    await moveVariants(tx, move);
    await moveRecommendationStates(tx, move);
    await moveReports(tx, move);
    await removeHost(tx, move.from);
  }, TRANSACTION);
  return readHost(db, move.into);
}

async function assertMergeable(tx: Connection, { from, into }: HostMove): Promise<void> {
  if (from === into) throw invalidField("into", "A host cannot be merged into itself: name the host that goes on");
  const moved = await readHost(tx, from);
  await assertHosts(tx, [into], "into");
  const kept = await readHost(tx, into);
  if (kept.retiredAt) throw invalidField("into", `${kept.name} is retired: restore it first, or choose another host`);
  if (moved.system.kind === "input" || kept.system.kind === "input")
    throw new DomainError("conflict", "What an input receives stays on its own host: choose two machines");
  if (moved.retiredAt === null)
    throw new DomainError(
      "conflict",
      `${moved.name} is still watched: retire it first, so that it ends where it goes on`,
    );
}
