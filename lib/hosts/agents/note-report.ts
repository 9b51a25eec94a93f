import type { Connection } from "#lib/db/client.ts";
import { updateIdentity } from "#lib/hosts/hosts.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** What an agent says of itself and of its machine; times in ms. */
export type AgentReport = {
  version: string;
  sentAt: number;
  waiting: number;
  dropped: number;
  machine?: Omit<HostIdentity, "machineId"> | undefined;
  address: string;
  refused: { reason: string }[];
};

/** So often it is written down that an agent reported, where there is nothing else to say. */
const SEEN_MS = 15 * SECOND_MS;
const MAX_REMEMBERED = 20_000;

/** When each agent's report was written down last, by this process. */
const notedAt = new Map<number, number>();

/** Writes down how an agent fares at `now` (ms): at once where something was refused, else now and then. */
export async function noteReport(db: Connection, hostId: number, report: AgentReport, now: number): Promise<void> {
  const { refused, machine, version, address, waiting, dropped } = report;
  if (machine) await updateIdentity(db, hostId, machine);
  const before = notedAt.get(hostId);
  if (refused.length === 0 && before !== undefined && Math.abs(now - before) < SEEN_MS) return;
  const refusal = refused.at(-1)?.reason.slice(0, 300);
  await db.agent.updateMany({
    where: { hostId },
    data: {
      ...{ version, address, waiting, dropped, lastSeenAt: new Date(now), clockOffsetMs: report.sentAt - now },
      ...(refusal === undefined ? {} : { refused: { increment: refused.length }, refusal, refusedAt: new Date(now) }),
    },
  });
  if (notedAt.size >= MAX_REMEMBERED) notedAt.clear();
  notedAt.set(hostId, now);
}
