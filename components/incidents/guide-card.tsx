"use client";

import { useQuery } from "@tanstack/react-query";
import { FailedParts } from "#components/incidents/failed-parts.tsx";
import { type Guide, guideQuery, type Which } from "#components/incidents/queries.ts";
import { EvidenceList } from "#components/insights/evidence.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { PlaceLink } from "#components/ui/place-link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { CERTAINTY_TITLES } from "#lib/incidents/certainty.ts";

type Cause = Guide["causes"][number];

function CauseItem({ cause, first }: { cause: Cause; first: boolean }) {
  const { title, certainty, why, evidence, page } = cause;
  return (
    <li className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-3 py-2 first:pt-0">
      <span>
        <Badge variant={certainty === "likely" ? "accent" : "plain"}>{CERTAINTY_TITLES[certainty]}</Badge>
      </span>
      <div className="min-w-0">
        <p className={first ? "break-words font-medium text-base leading-6" : "break-words"}>
          <PlaceLink page={page}>{title}</PlaceLink>
        </p>
        <p className="text-muted text-xs">{why}</p>
        {evidence.length > 0 && (
          <div className="mt-1">
            <EvidenceList evidence={evidence} />
          </div>
        )}
      </div>
    </li>
  );
}

/** So many causes stand there at once; the others open. */
const SHOWN = 2;

function Causes({ causes, lookedAt }: Pick<Guide, "causes" | "lookedAt">) {
  if (causes.length === 0)
    return (
      <>
        <p className="font-medium text-base leading-6">Not known</p>
        <p className="text-muted text-xs">
          Looked at {lookedAt.join(", ")}: nothing stood out. What to do next is where to look further.
        </p>
      </>
    );
  const rest = causes.slice(SHOWN);
  return (
    <>
      <ul className="divide-y divide-line">
        {causes.slice(0, SHOWN).map((cause, n) => (
          <CauseItem key={cause.title} cause={cause} first={n === 0} />
        ))}
      </ul>
      {rest.length > 0 && (
        <details className="mt-1">
          <summary className="cursor-pointer text-muted text-xs hover:text-ink">{rest.length} more, less sure</summary>
          <ul className="mt-2 divide-y divide-line">
            {rest.map((cause) => (
              <CauseItem key={cause.title} cause={cause} first={false} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Steps({ steps }: Pick<Guide, "steps">) {
  return (
    <ol className="list-decimal space-y-1.5 pl-5 marker:text-muted">
      {steps.map(({ text, page }) => (
        <li key={text} className="break-words pl-1">
          <PlaceLink page={page}>{text}</PlaceLink>
        </li>
      ))}
    </ol>
  );
}

/** The likely cause with what it rests on, and what to do next. */
export function GuideCards({ which }: { which: Which }) {
  const query = useQuery(guideQuery(which));
  return (
    <>
      <Card>
        <CardTitle aside="how sure, and why">Likely cause</CardTitle>
        <QueryView query={query} what="The likely cause" skeleton={<Skeleton className="h-28" />}>
          {({ causes, lookedAt, failed }) => (
            <>
              <Causes causes={causes} lookedAt={lookedAt} />
              <FailedParts failed={failed} />
            </>
          )}
        </QueryView>
      </Card>
      <Card>
        <CardTitle>What to do next</CardTitle>
        <QueryView query={query} what="What to do next" skeleton={<Skeleton className="h-20" />}>
          {({ steps, places }) => (
            <>
              <Steps steps={steps} />
              <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 border-line border-t pt-2 text-xs">
                <span className="text-muted">At that time</span>
                {places.map(({ text, page }) => (
                  <PlaceLink key={text} page={page}>
                    {text}
                  </PlaceLink>
                ))}
              </p>
            </>
          )}
        </QueryView>
      </Card>
    </>
  );
}
