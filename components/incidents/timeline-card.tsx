"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  Bell,
  CircleCheck,
  Flag,
  type LucideIcon,
  MessageSquare,
  TrendingUp,
  TriangleAlert,
  UserRound,
} from "lucide-react";
import { useState } from "react";
import { CommentForm, OwnComment } from "#components/incidents/comment.tsx";
import { FailedParts } from "#components/incidents/failed-parts.tsx";
import {
  earlierCommentsQuery,
  type Timeline,
  type TimelineEntry,
  timelineQuery,
  type Which,
} from "#components/incidents/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { PlaceLink } from "#components/ui/place-link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TextWithTimes, useTimeFormat } from "#components/ui/time-format.tsx";
import type { TimelineKind } from "#lib/contract/enums.ts";
import { durationText } from "#lib/format/duration.ts";
import { plural } from "#lib/format/plural.ts";

const MARKS: Record<TimelineKind, { icon: LucideIcon; tint: string; title: string }> = {
  first_mover: { icon: TriangleAlert, tint: "text-bad", title: "Moved first" },
  follower: { icon: TrendingUp, tint: "text-warn", title: "Followed" },
  calm: { icon: CircleCheck, tint: "text-good", title: "Over" },
  alert: { icon: Bell, tint: "text-warn", title: "Alert" },
  annotation: { icon: Flag, tint: "text-accent", title: "Change" },
  act: { icon: UserRound, tint: "text-muted", title: "Done" },
  comment: { icon: MessageSquare, tint: "text-muted", title: "Comment" },
};

/** An instant by its clock alone on the day of the one before, which a reader goes on from. */
function Moment({ at, before }: { at: Date; before: Date | undefined }) {
  const time = useTimeFormat();
  const sameDay = before !== undefined && time.day(at) === time.day(before);
  return (
    <time
      dateTime={at.toISOString()}
      title={`${time.instant(at.getTime())} (${time.style.zone})`}
      className="figures shrink-0 text-muted text-xs leading-5"
    >
      {sameDay ? time.clock(at.getTime()) : time.dateTime(at)}
    </time>
  );
}

const delayText = (delayMs: number): string => (delayMs > 0 ? `+${durationText(delayMs)}` : "at once");

function What({ entry, which }: { entry: TimelineEntry; which: Which }) {
  const { kind, text, note, by, delayMs, page, comment } = entry;
  const person = by ?? (kind === "act" || kind === "comment" ? "An account that is gone" : "");
  return (
    <div className="min-w-0 break-words">
      <p
        className={cn(
          "leading-5",
          kind === "first_mover" && "font-medium",
          kind === "comment" && "whitespace-pre-wrap",
        )}
      >
        {person && <span className="font-medium">{person} </span>}
        {comment?.own ? (
          <OwnComment which={which} id={comment.id} text={text} />
        ) : (
          <PlaceLink page={page} look="quiet">
            <TextWithTimes text={text} />
          </PlaceLink>
        )}
        {delayMs !== null && <span className="figures ml-2 text-muted text-xs">{delayText(delayMs)}</span>}
        {comment?.editedAt && <span className="ml-2 text-muted text-xs">edited</span>}
      </p>
      {note && (
        <p className="whitespace-pre-wrap text-muted text-xs">
          <TextWithTimes text={note} />
        </p>
      )}
    </div>
  );
}

function Entries({ entries, which }: { entries: TimelineEntry[]; which: Which }) {
  return (
    <ol className="space-y-2">
      {entries.map((entry, n) => {
        const { icon: Icon, tint, title } = MARKS[entry.kind];
        return (
          <li
            key={`${entry.kind} ${entry.at.getTime()} ${entry.comment?.id ?? entry.text}`}
            className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-2 sm:grid-cols-[1.25rem_8rem_minmax(0,1fr)]"
          >
            <Icon aria-label={title} role="img" className={cn("mt-0.5 size-4", tint)} />
            <Moment at={entry.at} before={entries[n - 1]?.at} />
            <div className="col-start-2 min-w-0 sm:col-start-3">
              <What entry={entry} which={which} />
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** Comments that are older than those of the timeline, where a reader wants them. */
function useEarlier(which: Which, timeline: Timeline) {
  const oldest = timeline.entries.find(({ comment }) => comment !== null)?.comment?.id ?? 0;
  const [isWanted, setWanted] = useState(false);
  const query = useInfiniteQuery({ ...earlierCommentsQuery(which, oldest), enabled: isWanted && oldest > 0 });
  const comments = query.data?.pages.flatMap((page) => page.comments) ?? [];
  const entries = comments.map(
    ({ id, own, editedAt, ...rest }): TimelineEntry => ({
      ...{ ...rest, kind: "comment", note: "", delayMs: null, page: "", comment: { id, own, editedAt } },
    }),
  );
  const more = () => (isWanted ? void query.fetchNextPage() : setWanted(true));
  return { entries, more, left: timeline.earlierComments - entries.length, isPending: query.isFetching };
}

function Whole({ timeline, which }: { timeline: Timeline; which: Which }) {
  const earlier = useEarlier(which, timeline);
  const entries = [...timeline.entries, ...earlier.entries].sort((a, b) => a.at.getTime() - b.at.getTime());
  return (
    <>
      {earlier.left > 0 && (
        <Button className="mb-3 h-8" disabled={earlier.isPending} onClick={earlier.more}>
          Show earlier comments ({earlier.left})
        </Button>
      )}
      <Entries entries={entries} which={which} />
      {timeline.leftOut > 0 && (
        <p className="mt-2 text-muted text-xs">{plural(timeline.leftOut, "more entry", "more entries")} left out.</p>
      )}
      <FailedParts failed={timeline.failed} />
    </>
  );
}

/** An incident in the order of time, and a place to say something about it. */
export function TimelineCard({ which, mayComment }: { which: Which; mayComment: boolean }) {
  const query = useQuery(timelineQuery(which));
  return (
    <Card>
      <CardTitle aside="oldest first">Timeline</CardTitle>
      <QueryView query={query} what="The timeline" skeleton={<Skeleton className="h-60" />}>
        {(timeline) => <Whole timeline={timeline} which={which} />}
      </QueryView>
      {mayComment && <CommentForm which={which} />}
    </Card>
  );
}
