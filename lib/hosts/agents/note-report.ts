import type { Connection } from "#lib/db/client.ts";
import { updateIdentity } from "#lib/hosts/hosts.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";
import { SECOND_MS, YEAR_MS } from "#lib/time/durations.ts";

/** What an agent says of itself and of its machine; times in ms. */
export type AgentReport = {
  version: string;
  sentAt: number;
  waiting: number;
  dropped: number;
  machine?: Omit<HostIdentity, "machineId"> | undefined;
  address: string;
  refused: { reason: string }[];
  /** Parts of frames that were stored without them. */
  leftOut: { reason: string }[];
};

/** So often it is written down that an agent reported, where there is nothing else to say. */
const SEEN_MS = 15 * SECOND_MS;
const MAX_REMEMBERED = 20_000;
const MAX_REASON = 300;
/** No clock is further off: what is is no time. */
const MAX_OFFSET_MS = 100 * YEAR_MS;

/** When each agent's report was written down last, by this process. */
const notedAt = new Map<number, number>();

/** Writes down that a request of an agent was refused whole. */
export async function noteRefusal(db: Connection, hostId: number, reason: string, now = Date.now()): Promise<void> {
  await db.agent.updateMany({
    where: { hostId },
    data: { refused: { increment: 1 }, refusal: reason.slice(0, MAX_REASON), refusedAt: new Date(now) },
  });
}

/** Writes down how an agent fares at `now` (ms): at once where something was refused, else now and then. */
export async function noteReport(db: Connection, hostId: number, report: AgentReport, now: number): Promise<void> {
  const { refused, leftOut, machine, version, address, waiting, dropped } = report;
  if (machine) await updateIdentity(db, hostId, machine);
  const before = notedAt.get(hostId);
  if (refused.length + leftOut.length === 0 && before !== undefined && Math.abs(now - before) < SEEN_MS) return;
  const lastReason = (parts: { reason: string }[]) => parts.at(-1)?.reason.slice(0, MAX_REASON);
  const [refusal, leftOutReason] = [lastReason(refused), lastReason(leftOut)];
  await db.agent.updateMany({
    where: { hostId },
    data: {
      ...{
        version,
        address,
        waiting,
        dropped,
        lastSeenAt: new Date(now),
        clockOffsetMs: Math.max(-MAX_OFFSET_MS, Math.min(report.sentAt - now, MAX_OFFSET_MS)),
      },
      ...(refusal === undefined ? {} : { refused: { increment: refused.length }, refusal, refusedAt: new Date(now) }),
      ...(leftOutReason === undefined
        ? {}
        : { leftOut: { increment: leftOut.length }, leftOutReason, leftOutAt: new Date(now) }),
    },
  });
  if (notedAt.size >= MAX_REMEMBERED) notedAt.clear();
  notedAt.set(hostId, now);
}
