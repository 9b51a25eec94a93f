import type { Connection } from "#lib/db/client.ts";
import type { HostMove } from "#lib/tsdb/maintenance.ts";

/** Gives one host's processes to another. A block of an hour that both have goes back among the samples: sealing puts them together. */
export async function moveProcesses(tx: Connection, { from, into }: HostMove): Promise<void> {
  await tx.$executeRaw`
    UPDATE process_block b SET host_id = ${into} WHERE host_id = ${from}
      AND NOT EXISTS (SELECT FROM process_block o WHERE o.host_id = ${into} AND o.start = b.start)`;
  await tx.$executeRaw`
    INSERT INTO process_sample (host_id, at, data) SELECT ${into}::int, start, data FROM process_block WHERE host_id = ${from}
    UNION ALL SELECT ${into}::int, at, data FROM process_sample WHERE host_id = ${from}
    ON CONFLICT (host_id, at) DO NOTHING`;
  await tx.processBlock.deleteMany({ where: { hostId: from } });
  await tx.processSample.deleteMany({ where: { hostId: from } });
}
