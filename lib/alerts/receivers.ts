import { matchedRoutes, readRouting } from "#lib/alerts/routing.ts";
import { coversHost } from "#lib/alerts/rules.ts";
import { SEVERITIES, type Severity } from "#lib/contract/enums.ts";
import type { Connection } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";

/** A channel that hears of an alert, by which route and step of it, so long (ms) after it fires, and again so often (ms; 0 is never). */
export type Receiver = {
  channelId: number;
  name: string;
  route: string;
  step: number;
  afterMs: number;
  repeatMs: number;
};

/** What decides who hears of an alert. */
export type Routed = { hostId: number; severity: Severity; labels: Record<string, string> };

/** Who would get an alert with some labels; the host is named, and need not be there. */
export async function whoWouldGet(
  db: Connection,
  { severity, host, labels }: { severity: Severity; host: string; labels: Record<string, string> },
): Promise<{ route: string; channelId: number; channel: string; afterMs: number; repeatMs: number }[]> {
  const hostId = (await listHosts(db)).find(({ name }) => name === host)?.id ?? 0;
  const receive = await listReceivers(db);
  return receive({ hostId, severity, labels: { ...labels, host, severity } }).map(({ name, step: _, ...receiver }) => ({
    ...{ ...receiver, channel: name },
  }));
}

/** Who hears of alerts, by the routes and channels of now: a channel once a step, whichever route leads to it first. */
export async function listReceivers(db: Connection): Promise<(alert: Routed) => Receiver[]> {
  const [{ tree }, channels] = await Promise.all([
    readRouting(db),
    db.alertChannel.findMany({
      where: { enabled: true },
      select: { id: true, name: true, minSeverity: true, hostIds: true },
    }),
  ]);
  return ({ hostId, severity, labels }) => {
    const open = channels.filter(
      (channel) =>
        SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(channel.minSeverity) && coversHost(channel, hostId),
    );
    const found = new Map<string, Receiver>();
    for (const { path, steps, repeatMs } of matchedRoutes(tree, labels))
      for (const [step, { afterMs, channelIds, everyChannel }] of steps.entries())
        for (const { id, name } of open) {
          const key = `${id} ${step}`;
          if ((everyChannel || channelIds.includes(id)) && !found.has(key))
            found.set(key, { channelId: id, name, route: path, step, afterMs, repeatMs });
        }
    return [...found.values()];
  };
}
