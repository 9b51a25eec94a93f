"use client";

import { useQuery } from "@tanstack/react-query";
import { hostsQuery } from "#components/hosts/queries.ts";
import { changedExperimentsQuery, changedSettingsQuery, recentChangesQuery } from "#components/now/queries.ts";
import { type Change, changesOf } from "#components/now/recent-changes.ts";
import { Age } from "#components/ui/age.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { PlaceLink } from "#components/ui/place-link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";

const SHOWN = 5;

function What({ change: { what, href } }: { change: Change }) {
  if (!href)
    return (
      <span className="line-clamp-2 break-words" title={what}>
        {what}
      </span>
    );
  return (
    <PlaceLink page={href} look="quiet" className="line-clamp-2" title={what}>
      {what}
    </PlaceLink>
  );
}

const Insights = () => (
  <Link href="/insights" className="underline">
    Insights
  </Link>
);

const Nothing = () => (
  <p className="text-muted text-xs">
    Nothing. A deploy shows here when it is sent to the API, a note when it is entered on <Insights />.
  </p>
);

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
          {changes.length - SHOWN} more: deploys and notes are on <Insights />
        </li>
      )}
    </ul>
  );
}

/** What was deployed, noted, added, tried and set in the past hour: of what goes wrong most follows a change. What cannot be read of it is named, and the others stand. */
export function Changes({ mayReadSettings }: { mayReadSettings: boolean }) {
  const annotations = useQuery(recentChangesQuery);
  const hosts = useQuery(hostsQuery(false));
  const experiments = useQuery(changedExperimentsQuery);
  const settings = useQuery({ ...changedSettingsQuery, enabled: mayReadSettings });
  const changes = changesOf({
    annotations: annotations.data ?? [],
    hosts: hosts.data ?? [],
    experiments: experiments.data ?? [],
    settings: settings.data ?? [],
  });
  const unread = Object.entries({ hosts, experiments, settings }).filter(([, { isLoadingError }]) => isLoadingError);
  return (
    <Card>
      <CardTitle>Changed in the past hour</CardTitle>
      <QueryView query={annotations} what="Deploys and notes" skeleton={changes.length > 0 ? false : undefined}>
        {() => (changes.length === 0 && unread.length === 0 ? <Nothing /> : null)}
      </QueryView>
      {changes.length > 0 && <List changes={changes} />}
      {unread.length > 0 && (
        <p className="mt-2 text-muted text-xs">
          Changes of {unread.map(([name]) => name).join(", ")} could not be read: they are tried again.
        </p>
      )}
    </Card>
  );
}
