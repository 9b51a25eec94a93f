import type { ChannelInput } from "#lib/alerts/channels/store.ts";
import type { Connection } from "#lib/db/client.ts";
import { hostNames } from "#lib/hosts/hosts.ts";

/** A notification that was sent, or is to be. */
type DeliveryInfo = {
  at: Date;
  hostId: number;
  host: string;
  alertId: number;
  summary: string;
  state: "firing" | "resolved";
  attempts: number;
  sentAt: Date | null;
  failedAt: Date | null;
  failure: string | null;
  held: string | null;
  tries: { at: Date; failure: string | null }[];
};

/** A channel as it is shown: its secrets are hidden. */
export type ChannelInfo = ChannelInput & { id: number; deliveries: DeliveryInfo[] };

const SHOWN = 10;
const DETAILS = { alert: { select: { summary: true } }, tries: { orderBy: { id: "desc" }, take: SHOWN } } as const;

/** Whether alerts are told to anybody beside those who look at a page. */
export const hasChannel = async (db: Connection): Promise<boolean> =>
  (await db.alertChannel.count({ where: { enabled: true } })) > 0;

/** All channels by name, each with its latest deliveries. */
export async function listChannels(db: Connection): Promise<ChannelInfo[]> {
  const rows = await db.alertChannel.findMany({
    orderBy: [{ name: "asc" }, { id: "asc" }],
    include: {
      deliveries: { orderBy: { at: "desc" }, take: SHOWN, include: DETAILS },
    },
  });
  const hostIds = rows.flatMap(({ deliveries }) => deliveries.map(({ hostId }) => hostId));
  const names = await hostNames(db, [...new Set(hostIds)]);
  return rows.map(({ id, name, kind, enabled, minSeverity, hostIds: own, shown, deliveries }) => ({
    ...{ id, name, enabled, minSeverity, hostIds: own },
    kind: kind as ChannelInput["kind"],
    settings: shown as Record<string, string>,
    deliveries: deliveries.map(({ alert, hostId, state, tries, ...row }) => ({
      ...{ at: row.at, hostId, alertId: row.alertId, attempts: row.attempts, sentAt: row.sentAt },
      ...{ failedAt: row.failedAt, failure: row.failure, held: row.held },
      host: names.get(hostId) ?? `host ${hostId}`,
      summary: alert.summary,
      tries: tries.map(({ at, failure }) => ({ at, failure })),
      state: state as "firing" | "resolved",
    })),
  }));
}
