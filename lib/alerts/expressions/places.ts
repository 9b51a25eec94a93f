import { createHash } from "node:crypto";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import type { LabelSet } from "#lib/promql/series/labels.ts";

/** The host that an alert is shown on, the labels that it has there, and what it is found again by. */
export type Place = { hostId: number; labels: Record<string, string>; key: string };

/** Where an element belongs; undefined on a host that was retired, which nothing is judged on. */
export type Placing = { ownHostId: number; placeOf(labels: LabelSet): Place | undefined };

const HOST_LABELS = ["host", "host_id"];

/** What an element is found again by; one that names its host is another than one with the same labels that names none. */
function toPlace(hostId: number, labels: LabelSet, isNamed: boolean): Place {
  const key = createHash("sha256")
    .update(JSON.stringify([isNamed, labels.pairs]))
    .digest("base64url");
  return { hostId, labels: labels.toRecord(), key };
}

/**
 * Which host each element belongs to, as of `now` (ms): that which its labels `host` and `host_id` name, else the portal's own. An alert is found
 * without these labels, so that it goes on while its host gets another name.
 * @throws DomainError not-found while there is no host at all
 */
export async function readPlacing(db: Connection, now: number): Promise<Placing> {
  const [watched, retired] = await Promise.all([listHosts(db, now), listHosts(db, now, { retired: true })]);
  const byId = watched.toSorted((a, b) => a.id - b.id);
  const own = byId.find(({ agent }) => agent === null) ?? byId[0];
  if (!own) throw new DomainError("not-found", "There is no host yet that an alert could be shown on");
  const byName = Map.groupBy([...watched, ...retired], ({ name }) => name);
  return {
    ownHostId: own.id,
    placeOf(labels) {
      const named = byName.get(labels.get("host")) ?? [];
      const host = named.length > 1 ? named.find(({ id }) => String(id) === labels.get("host_id")) : named[0];
      if (!host) return toPlace(own.id, labels, false);
      return host.retiredAt === null ? toPlace(host.id, labels.without(HOST_LABELS), true) : undefined;
    },
  };
}
