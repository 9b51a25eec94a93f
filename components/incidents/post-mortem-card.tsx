"use client";

import { useQuery } from "@tanstack/react-query";
import { LazyMarkdown } from "#components/incidents/lazy-markdown.tsx";
import { postMortemPage } from "#components/incidents/post-mortem-place.ts";
import { guideQuery, type Which } from "#components/incidents/queries.ts";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

/** What was written of an incident, or a way to write it. */
export function PostMortemCard({ which, mayWrite }: { which: Which; mayWrite: boolean }) {
  const query = useQuery(guideQuery(which));
  return (
    <Card>
      <CardTitle
        aside={
          query.data?.postMortem && (
            <>
              {query.data.postMortem.updatedBy ?? "An account that is gone"},{" "}
              <DateTime at={query.data.postMortem.updatedAt} />
            </>
          )
        }
      >
        Post-mortem
      </CardTitle>
      <QueryView query={query} what="The post-mortem" skeleton={<Skeleton className="h-16" />}>
        {({ postMortem }) =>
          postMortem ? (
            <>
              <p className="break-words font-medium">{postMortem.title}</p>
              {postMortem.summary && <LazyMarkdown text={postMortem.summary} />}
              <p className="mt-2">
                <ButtonLink href={postMortemPage(which)}>Open post-mortem</ButtonLink>
              </p>
            </>
          ) : (
            <>
              <p className="mb-2 text-muted">
                Nobody has written one. A draft is made of what is known: the timeline, the likely cause, what helped.
              </p>
              <ButtonLink href={postMortemPage(which)}>{mayWrite ? "Write post-mortem" : "Show draft"}</ButtonLink>
            </>
          )
        }
      </QueryView>
    </Card>
  );
}
