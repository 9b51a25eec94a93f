import type { Connection } from "#lib/db/client.ts";
import { replaceId } from "#lib/db/replace-id.ts";
import { DomainError } from "#lib/errors.ts";
import type { HostMove, SeriesMap } from "#lib/tsdb/maintenance.ts";

/**
 * Gives one host's alerts to another, and names that one in rules and channels.
 * @throws DomainError conflict while one of its alerts goes on
 */
export async function moveAlerts(tx: Connection, move: HostMove, series: SeriesMap): Promise<void> {
  const { from, into } = move;
  if (await tx.alertInstance.findFirst({ where: { hostId: from } }))
    throw new DomainError("conflict", "Its alerts are still being ended: try again in a minute");
  await tx.$executeRaw`
    UPDATE alert a SET series_id = m.after FROM unnest(${[...series.keys()]}::int[], ${[...series.values()]}::int[]) AS m(before, after)
    WHERE a.host_id = ${from} AND a.series_id = m.before`;
  await moveElements(tx, move);
  // Foreign keys take along what belongs to an alert.
  await tx.alert.updateMany({ where: { hostId: from }, data: { hostId: into } });
  await replaceId(tx, "alert_rule", "host_ids", move);
  await replaceId(tx, "alert_rule", "except_host_ids", move);
  await replaceId(tx, "alert_channel", "host_ids", move);
}

/** Elements of expressions that both hosts have become those of the one that goes on. */
async function moveElements(tx: Connection, { from, into }: HostMove): Promise<void> {
  await tx.$executeRaw`
    UPDATE alert a SET series_id = -i.id FROM alert_element f JOIN alert_element i USING (rule_id, key)
    WHERE f.host_id = ${from} AND i.host_id = ${into} AND a.host_id = ${from} AND a.series_id = -f.id`;
  await tx.$executeRaw`
    UPDATE alert_element f SET host_id = ${into} WHERE f.host_id = ${from}
      AND NOT EXISTS (SELECT FROM alert_element i WHERE i.host_id = ${into} AND i.rule_id = f.rule_id AND i.key = f.key)`;
}
