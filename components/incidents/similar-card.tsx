"use client";

import { useQuery } from "@tanstack/react-query";
import { STATUS_TITLE } from "#components/anomalies/labels.ts";
import { LazyMarkdown } from "#components/incidents/lazy-markdown.tsx";
import { type Guide, guideQuery, type Which } from "#components/incidents/queries.ts";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";

import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime, TextWithTimes } from "#components/ui/time-format.tsx";
import { durationText } from "#lib/format/duration.ts";

type SimilarIncident = Guide["similar"][number];

function Helped({ remedy, said }: Pick<SimilarIncident, "remedy" | "said">) {
  if (remedy)
    return (
      <div className="mt-1 text-sm">
        <span className="text-muted text-xs">What helped</span>
        <LazyMarkdown text={remedy} />
      </div>
    );
  if (said.length === 0) return <p className="text-muted text-xs">Nobody wrote what helped.</p>;
  return said.map(({ by, text }) => (
    <p key={text} className="break-words text-sm">
      <span className="font-medium">{by ?? "An account that is gone"}</span>: <TextWithTimes text={text} />
    </p>
  ));
}

function Item({ similar }: { similar: SimilarIncident }) {
  const { id, hostId, title, startedAt, endedAt, status, likeness, shared, metrics, sameFirst, remedy, said } = similar;
  return (
    <li className="grid gap-x-4 gap-y-1 py-2.5 md:grid-cols-[11rem_minmax(0,1fr)]">
      <span className="figures text-muted text-xs leading-5">
        <DateTime at={startedAt} />
        {endedAt && `, ${durationText(endedAt.getTime() - startedAt.getTime())}`}
      </span>
      <div className="min-w-0">
        <Link href={`/anomalies/incidents/${id}?host=${hostId}`} className="break-words font-medium hover:underline">
          {title}
        </Link>
        <p className="figures text-muted text-xs">
          {Math.round(likeness * 100)} % alike: {shared} of {metrics} metrics moved in both
          {sameFirst ? ", the same first" : ""} · {STATUS_TITLE[status]}
        </p>
        <Helped remedy={remedy} said={said} />
      </div>
    </li>
  );
}

/** Earlier incidents that are like it, and what helped then. */
export function SimilarCard({ which }: { which: Which }) {
  const query = useQuery(guideQuery(which));
  return (
    <Card>
      <CardTitle
        aside={query.data && <span className="figures">compared with {query.data.compared} of the past year</span>}
      >
        Similar incidents
      </CardTitle>
      <QueryView query={query} what="Similar incidents" skeleton={<Skeleton className="h-20" />}>
        {({ similar, compared }) =>
          similar.length === 0 ? (
            <p className="text-muted">
              {compared === 0
                ? "It is the first in which any of these metrics moved."
                : "None of the earlier ones is much like it: other metrics weighed most, or moved first."}
            </p>
          ) : (
            <ul className="divide-y divide-line">
              {similar.map((each) => (
                <Item key={each.id} similar={each} />
              ))}
            </ul>
          )
        }
      </QueryView>
    </Card>
  );
}
