import { assertMatchers } from "#lib/alerts/routing.ts";
import { matchedLabels } from "#lib/alerts/silences.ts";
import type { Connection } from "#lib/db/client.ts";
import type { AlertInhibition } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { hostNames } from "#lib/hosts/hosts.ts";
import { labelMatcher } from "#lib/tsdb/query.ts";

/** While an alert fires that the source's matchers match, those that the target's match, with the same values of some labels, tell nobody. */
export type Inhibition = AlertInhibition;

/** All inhibitions, the oldest first. */
export const listInhibitions = (db: Connection): Promise<Inhibition[]> =>
  db.alertInhibition.findMany({ orderBy: { id: "asc" } });

/** Creates an inhibition. @throws DomainError validation */
export async function createInhibition(db: Connection, input: Omit<Inhibition, "id">): Promise<void> {
  assertMatchers(input.sourceMatchers, "source_matchers");
  assertMatchers(input.targetMatchers, "target_matchers");
  await db.alertInhibition.create({ data: input });
}

/** Deletes an inhibition. @throws DomainError not-found */
export async function removeInhibition(db: Connection, id: number): Promise<void> {
  const { count } = await db.alertInhibition.deleteMany({ where: { id } });
  if (count === 0) throw new DomainError("not-found", `There is no inhibition ${id}`);
}

type Labelled = { id: number; labels: Record<string, string> };

/** So many alerts that fire are looked at as sources. */
const MOST_SOURCES = 10_000;

/** What holds alerts back now: answers the source that does, with its labels; undefined where none does. An alert never holds back itself. */
export async function firingSources(db: Connection): Promise<(alert: Labelled) => Labelled | undefined> {
  const inhibitions = await listInhibitions(db);
  if (inhibitions.length === 0) return () => undefined;
  const select = { id: true, hostId: true, labels: true, rule: true, severity: true, series: true } as const;
  const firing = await db.alert.findMany({ where: { state: "firing" }, take: MOST_SOURCES, select });
  const names = await hostNames(db, [...new Set(firing.map(({ hostId }) => hostId))]);
  const all = firing.map((alert) => ({ id: alert.id, labels: matchedLabels(alert, names.get(alert.hostId) ?? "") }));
  const held = inhibitions.map(({ sourceMatchers, targetMatchers, equal }) => {
    const [isSource, isTarget] = [labelMatcher(sourceMatchers), labelMatcher(targetMatchers)];
    return { sources: all.filter(({ labels }) => isSource(labels)), isSource, isTarget, equal };
  });
  return ({ id, labels }) => {
    for (const { sources, isSource, isTarget, equal } of held) {
      // As in Alertmanager: what is a source as well as a target is held back by no other source.
      if (!isTarget(labels) || isSource(labels)) continue;
      const source = sources.find(
        (each) => each.id !== id && equal.every((name) => each.labels[name] === labels[name]),
      );
      if (source) return source;
    }
    return undefined;
  };
}
