"use client";

import { useQueryClient } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { everyMs, type QueryTime } from "#components/time/query-time.ts";
import { addressTime, apiTime, goesOn, instantsOf, type ShownTime, timeKey } from "#components/time/shown-time.ts";
import { InZone, useTimeFormat } from "#components/ui/time-format.tsx";
import { durationMs } from "#lib/contract/param-texts.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { COMPARISONS, type Comparison } from "#lib/time/range/moves.ts";
import type { Instants, RangeText } from "#lib/time/range/range.ts";

/** The time of a page: what its charts show, how often that goes on, and what it is compared with. Its address says all of it. */
export type PageTime = QueryTime & {
  shown: ShownTime;
  /** What is wrong with the range in the address. */
  problem: string | undefined;
  compare: Comparison | undefined;
  /** How often charts move on, ms; undefined while they are paused. */
  refreshMs: number | undefined;
  /** Whether charts move on: they end now and are not paused. */
  moves: boolean;
  /** Now, or when it was paused (ms). */
  now: () => number;
  instants: () => Instants;
  /** What the address says of the range, for addresses of pages that show the same. */
  address: Record<"from" | "to" | "timezone", string | undefined>;
  show: (range: RangeText) => void;
  /** Has everything on the page asked for anew. */
  refresh: () => void;
  setRefresh: (text: string | null) => void;
  setCompare: (compare: Comparison | null) => void;
  setZone: (text: string | null) => void;
};

const TimeContext = createContext<PageTime | null>(null);
const RefreshContext = createContext(5 * SECOND_MS);

/** How often the charts of all pages move on, seconds, where their address says nothing else: a setting. */
export const UsualRefresh = ({ seconds, children }: { seconds: number; children: ReactNode }) => (
  <RefreshContext value={seconds * SECOND_MS}>{children}</RefreshContext>
);

const PARSERS = {
  from: parseAsString,
  to: parseAsString,
  refresh: parseAsString,
  compare: parseAsStringLiteral(COMPARISONS),
  timezone: parseAsString,
};

/** Now; paused charts stay at the instant of their pause, also those that are drawn later, until they are asked for anew. */
function useNow(isPaused: boolean) {
  const queryClient = useQueryClient();
  const [pause, setPause] = useState<{ isPaused: boolean; at: number | undefined; turn: number }>({
    ...{ isPaused: false, at: undefined, turn: 0 },
  });
  const startAnew = useCallback(
    (paused: boolean) =>
      setPause((before) => ({
        isPaused: paused,
        at: paused ? Date.now() : undefined,
        // Whoever pauses looks at what is there.
        turn: paused && !before.isPaused ? before.turn : before.turn + 1,
      })),
    [],
  );
  if (pause.isPaused !== isPaused) startAnew(isPaused);
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks anew, and pausing is one
  useEffect(() => {
    if (!isFirst.current) void queryClient.invalidateQueries();
    isFirst.current = false;
  }, [pause.turn, queryClient]);
  const now = useMemo(() => () => pause.at ?? Date.now(), [pause.at]);
  const refresh = useCallback(() => startAnew(isPaused), [startAnew, isPaused]);
  return { now, refresh };
}

type Props = {
  /** Where the range begins that the page shows where its address names none. */
  usualFrom?: string | undefined;
  children: ReactNode;
};

const textOf = ({ from, to }: Instants): RangeText => ({ from: String(from), to: String(to) });

/** Gives a page its time, out of its address. */
export function TimeProvider({ usualFrom, children }: Props) {
  const own = useTimeFormat().style.zone;
  const [address, setAddress] = useQueryStates(PARSERS, { history: "push" });
  const { from, to, timezone, compare, refresh } = address;
  const usualRefresh = useContext(RefreshContext);
  const isPaused = refresh === "off";
  const { now, refresh: askAnew } = useNow(isPaused);
  const value = useMemo((): PageTime => {
    const { shown, problem } = addressTime({ from, to, timezone }, { own, usualFrom, now: now() });
    const refreshMs = isPaused ? undefined : (refresh && durationMs(refresh)) || usualRefresh;
    const instants = () => instantsOf(shown, now());
    const moves = refreshMs !== undefined && goesOn(shown);
    return {
      ...{ shown, problem, now, refreshMs, moves, instants },
      key: timeKey(shown),
      // The API's own clock goes on: what is paused is asked for by its instants.
      range: () => (isPaused ? textOf(instants()) : apiTime(shown, now())),
      every: (leastMs) => moves && everyMs(instants().to - instants().from, refreshMs, leastMs),
      address: { from: from ?? undefined, to: to ?? undefined, timezone: timezone ?? undefined },
      compare: compare ?? undefined,
      refresh: askAnew,
      show: (range) => void setAddress({ from: range.from, to: range.to }),
      setRefresh: (text) => void setAddress({ refresh: text }, { history: "replace" }),
      setCompare: (next) => void setAddress({ compare: next }, { history: "replace" }),
      setZone: (text) => void setAddress({ timezone: text }, { history: "replace" }),
    };
  }, [from, to, timezone, compare, refresh, isPaused, own, usualFrom, usualRefresh, now, askAnew, setAddress]);
  return (
    <TimeContext value={value}>
      <InZone zone={value.shown.zone}>{children}</InZone>
    </TimeContext>
  );
}

/** The time of the page, null where a page has no range that can be chosen. */
export const useMaybeTime = (): PageTime | null => useContext(TimeContext);

/** The time of the page. */
export function usePageTime(): PageTime {
  const time = useMaybeTime();
  if (!time) throw new Error("A part of a page that shows a range stands outside a TimeProvider");
  return time;
}
