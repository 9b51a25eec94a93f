"use client";

import { useQuery } from "@tanstack/react-query";
import { type Host, hostsQuery } from "#components/hosts/queries.ts";
import type { Annotation } from "#components/insights/queries.ts";
import { recentChangesQuery } from "#components/now/queries.ts";
import { Age } from "#components/ui/age.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { HOUR_MS } from "#lib/time/durations.ts";

const SHOWN = 5;

type Change = { key: string; at: Date; what: string; where: string; href: string | undefined };

const ofAnnotation =
  (hosts: Map<number, string>) =>
  ({ id, hostId, at, kind, text, service, version, url }: Annotation): Change => ({
    key: `annotation ${id}`,
    at,
    what: [kind === "deploy" ? [service, version].filter(Boolean).join(" ") : "", text].filter(Boolean).join(": "),
    where: [kind, hostId === null ? "" : (hosts.get(hostId) ?? "")].filter(Boolean).join(" · "),
    href: url || undefined,
  });

const ofHost = ({ id, name, firstSeenAt }: Host): Change => ({
  key: `host ${id}`,
  at: firstSeenAt,
  what: `${name} sent its first sample`,
  where: "new host",
  href: `/hosts/${id}`,
});

/** The newest first. By the newest sample and not by the clock, of which server and browser have one each. */
function changesOf(annotations: Annotation[], hosts: Host[]): Change[] {
  const newest = Math.max(0, ...hosts.map(({ lastSampleAt }) => lastSampleAt?.getTime() ?? 0));
  const added = hosts.filter(({ firstSeenAt }) => newest - firstSeenAt.getTime() < HOUR_MS);
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  return [...annotations.map(ofAnnotation(names)), ...added.map(ofHost)].sort(
    (a, b) => b.at.getTime() - a.at.getTime(),
  );
}

function What({ change: { what, href } }: { change: Change }) {
  const look = "line-clamp-2 break-words";
  if (!href)
    return (
      <span className={look} title={what}>
        {what}
      </span>
    );
  const linked = `${look} hover:underline`;
  if (href.startsWith("/"))
    return (
      <Link href={href} className={linked} title={what}>
        {what}
      </Link>
    );
  return (
    <a href={href} rel="noreferrer" target="_blank" className={linked} title={what}>
      {what}
    </a>
  );
}

const Insights = () => (
  <Link href="/insights" className="underline">
    Insights
  </Link>
);

function Nothing({ hostsUnread }: { hostsUnread: boolean }) {
  if (hostsUnread)
    return <p className="text-muted text-xs">Nothing was noted. Whether a host is new could not be read.</p>;
  return (
    <p className="text-muted text-xs">
      Nothing. A deploy shows here when it is sent to the API, a note when it is entered on <Insights />.
    </p>
  );
}

function List({ changes }: { changes: Change[] }) {
  return (
    <ul className="space-y-2">
      {changes.slice(0, SHOWN).map((change) => (
        <li key={change.key} className="flex items-baseline justify-between gap-3">
          <span className="min-w-0">
            <What change={change} />
            <span className="block text-muted text-xs">{change.where}</span>
          </span>
          <span className="figures shrink-0 text-muted text-xs">
            <Age at={change.at} />
          </span>
        </li>
      ))}
      {changes.length > SHOWN && (
        <li className="text-xs">
          {changes.length - SHOWN} more, on <Insights />
        </li>
      )}
    </ul>
  );
}

/** What was deployed, noted and added in the past hour: of what goes wrong most follows a change. */
export function Changes() {
  const [annotations, { data: hosts = [], isLoadingError }] = [
    useQuery(recentChangesQuery),
    useQuery(hostsQuery(false)),
  ];
  return (
    <Card>
      <CardTitle>Changed in the past hour</CardTitle>
      <QueryView query={annotations} what="What changed">
        {(given) => {
          const changes = changesOf(given, hosts);
          return changes.length > 0 ? <List changes={changes} /> : <Nothing hostsUnread={isLoadingError} />;
        }}
      </QueryView>
    </Card>
  );
}
