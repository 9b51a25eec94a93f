"use client";

import { useSyncExternalStore } from "react";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { durationText } from "#lib/format/duration.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

const TICK_MS = 10 * SECOND_MS;

function everyTick(changed: () => void): () => void {
  const timer = setInterval(changed, TICK_MS);
  return () => clearInterval(timer);
}

/** Now, ms, to ten seconds; undefined as the server draws it, whose clock and browser's differ. */
const useNow = (): number | undefined =>
  useSyncExternalStore(
    everyTick,
    () => Math.floor(Date.now() / TICK_MS) * TICK_MS,
    () => undefined,
  );

/** How long it is until something, in the largest unit that says it, or how long ago it was; the instant on hover. */
export function Until({ at }: { at: Date }) {
  const [now, time] = [useNow(), useTimeFormat()];
  const left = at.getTime() - (now ?? 0);
  const text = left < 0 ? `${durationText(-left)} ago` : `in ${durationText(left)}`;
  return (
    <time data-age dateTime={at.toISOString()} title={`${time.instant(at.getTime())} (${time.style.zone})`}>
      {now === undefined ? time.dateTime(at) : text}
    </time>
  );
}

/** How long ago something was, in the largest unit that says it; the instant on hover. */
export function Age({ at }: { at: Date }) {
  const [now, time] = [useNow(), useTimeFormat()];
  // A browser whose clock is behind the server's has nothing from the future.
  const text = now === undefined ? time.dateTime(at) : durationText(Math.max(0, now - at.getTime()));
  return (
    <time data-age dateTime={at.toISOString()} title={`since ${time.instant(at.getTime())} (${time.style.zone})`}>
      {text}
    </time>
  );
}
