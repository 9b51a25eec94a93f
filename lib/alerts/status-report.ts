import { type AlertSilence, listSilences, matchedLabels } from "#lib/alerts/silences.ts";
import type { StatusGroup, StatusPage } from "#lib/alerts/status-pages.ts";
import type { Connection } from "#lib/db/client.ts";
import type { Alert } from "#lib/db/generated/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { labelMatcher } from "#lib/tsdb/query.ts";

type GroupState = "up" | "down" | "maintenance";

/** What a status page shows: nothing but its own groups, and no host, series or figure. */
export type StatusReport = {
  title: string;
  at: Date;
  state: GroupState;
  groups: {
    name: string;
    state: GroupState;
    uptime: number | null;
    days: { at: number; downMs: number; covered: boolean }[];
  }[];
  incidents: { group: string; title: string; startedAt: Date; endedAt: Date | null }[];
  maintenance: { group: string; title: string; from: Date; to: Date }[];
};

const DAYS = 90;
const MOST_INCIDENTS = 50;

type Span = { from: number; to: number };

/** Spans without what they overlap, in their order. */
function unionOf(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

const overlap = (spans: Span[], { from, to }: Span): number =>
  spans.reduce((sum, span) => sum + Math.max(0, Math.min(span.to, to) - Math.max(span.from, from)), 0);

/** A group's days: how long a critical alert fired, from when its hosts were first there. */
function daysOf(down: Span[], since: number, now: number) {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  return Array.from({ length: DAYS }, (_, n) => {
    const at = today - (DAYS - 1 - n) * DAY_MS;
    const day = { from: Math.max(at, since), to: Math.min(at + DAY_MS, now) };
    const covered = day.to > day.from;
    return { at, downMs: covered ? overlap(down, day) : 0, covered };
  });
}

type Critical = Pick<Alert, "hostId" | "rule" | "firedAt" | "endedAt">;

const spanOf = ({ firedAt, endedAt }: Critical, now: number): Span => ({
  from: firedAt?.getTime() ?? now,
  to: endedAt?.getTime() ?? now,
});

/** The maintenance windows that are of a group: those whose labels match one of its hosts. */
function maintenanceOf({ name, hostIds }: StatusGroup, silences: AlertSilence[], hosts: Map<number, string>) {
  return silences.flatMap(({ matchers, comment, maintenance, next }) => {
    if (!maintenance || !next) return [];
    const matches = labelMatcher(matchers);
    const own = hostIds.some((id) =>
      matches(matchedLabels({ labels: {}, rule: "", severity: "critical", series: "" }, hosts.get(id) ?? "")),
    );
    return own ? [{ group: name, title: comment, from: next.from, to: next.to }] : [];
  });
}

const WORST: GroupState[] = ["up", "maintenance", "down"];

/** What a status page shows at `now` (ms): a group is down while a critical alert of one of its hosts fires. */
export async function readStatus(db: Connection, { title, groups }: StatusPage, now: number): Promise<StatusReport> {
  const from = now - DAYS * DAY_MS;
  const [hosts, silences, alerts] = await Promise.all([
    listHosts(db, now),
    listSilences(db, now),
    db.alert.findMany({
      where: {
        ...{ severity: "critical", firedAt: { not: null }, ruleId: { not: 0 } },
        ...{ hostId: { in: groups.flatMap(({ hostIds }) => hostIds) } },
        OR: [{ endedAt: null }, { endedAt: { gte: new Date(from) } }],
      },
      orderBy: { firedAt: "desc" },
      select: { hostId: true, rule: true, firedAt: true, endedAt: true },
    }),
  ]);
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  const shown = groups.map((group) => {
    const own: Critical[] = alerts.filter(({ hostId }) => group.hostIds.includes(hostId));
    const down = unionOf(own.map((alert) => spanOf(alert, now)));
    const first = hosts.filter(({ id }) => group.hostIds.includes(id)).map(({ firstSeenAt }) => firstSeenAt.getTime());
    const since = Math.max(from, first.length > 0 ? Math.min(...first) : now);
    const windows = maintenanceOf(group, silences, names);
    const isInWindow = windows.some((window) => window.from.getTime() <= now && window.to.getTime() > now);
    const state: GroupState = isInWindow ? "maintenance" : own.some(({ endedAt }) => endedAt === null) ? "down" : "up";
    const uptime = now > since ? 1 - overlap(down, { from: since, to: now }) / (now - since) : null;
    return { group, own, windows, shown: { name: group.name, state, uptime, days: daysOf(down, since, now) } };
  });
  return {
    ...{ title, at: new Date(now) },
    state: shown.reduce<GroupState>(
      (worst, { shown: { state } }) => (WORST.indexOf(state) > WORST.indexOf(worst) ? state : worst),
      "up",
    ),
    groups: shown.map((each) => each.shown),
    incidents: shown
      .flatMap(({ group, own }) =>
        own.map(({ rule, firedAt, endedAt }) => ({
          ...{ group: group.name, title: rule, startedAt: firedAt ?? new Date(now), endedAt },
        })),
      )
      .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
      .slice(0, MOST_INCIDENTS),
    maintenance: shown.flatMap(({ windows }) => windows),
  };
}
