"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { countMarks, type PageMark } from "#components/marks/page-mark.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { Button } from "#components/ui/button.tsx";
import { Link } from "#components/ui/link.tsx";
import { Scrolled } from "#components/ui/scrolled.tsx";
import { DateTime, TextWithTimes } from "#components/ui/time-format.tsx";
import { MINUTE_MS } from "#lib/time/durations.ts";

const NONE: PageMark[] = [];
const MarksContext = createContext<PageMark[]>(NONE);

/** What happened in the time of the page, for its charts; nothing where it is switched off. */
export const usePageMarks = (): PageMark[] => useContext(MarksContext);

const useSwitch = () => useQueryState("marks", parseAsStringLiteral(["off"]));

/** So many are listed; charts draw all. */
const LISTED = 100;

const MarkRow = ({ mark: { kind, from, text, href, colour } }: { mark: PageMark }) => (
  <li className="flex flex-wrap items-baseline gap-x-2 py-1">
    <span aria-hidden className="size-2 shrink-0 self-center rounded-full" style={{ background: colour }} />
    <span className="shrink-0">
      <DateTime at={from} /> · {kind}
    </span>
    <span className="min-w-0 text-ink [overflow-wrap:anywhere]">
      {href ? (
        <Link href={href} className="hover:underline">
          <TextWithTimes text={text} />
        </Link>
      ) : (
        <TextWithTimes text={text} />
      )}
    </span>
  </li>
);

type ListProps = { marks: PageMark[] | undefined; isOff: boolean; onSwitch: () => void };

/** What happened, counted, listed with ways to more, and a switch for the marks on charts. Its line is there before it is known, so that nothing jumps. */
function MarkList({ marks, isOff, onSwitch }: ListProps) {
  const line = "figures mb-4 min-h-6 py-1 text-muted text-xs print:hidden";
  if (!marks || marks.length === 0)
    return <p className={line}>{marks && "No incidents, alerts, deploys or notes in this range"}</p>;
  return (
    <details className={line}>
      <summary className="cursor-pointer">
        In this range: {countMarks(marks)}
        {isOff && " (not on charts)"}
      </summary>
      <Scrolled label="What happened" className="max-h-60 overflow-y-auto">
        <ul className="divide-y divide-line">
          {marks
            .slice(-LISTED)
            .reverse()
            .map((mark) => (
              <MarkRow key={mark.key} mark={mark} />
            ))}
        </ul>
      </Scrolled>
      {marks.length > LISTED && <p>And {marks.length - LISTED} before.</p>}
      <Button className="mt-1 h-7 px-2 text-xs" onClick={onSwitch}>
        {isOff ? "Show on charts" : "Hide on charts"}
      </Button>
    </details>
  );
}

/** What marks a chart is read when the chart is there, ms. */
const AFTER_MS = 1_500;

/** Whether the page has had time for its charts. */
function useLater(): boolean {
  const [isLater, setLater] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLater;
}

/** A page of a host with what happened there, on its charts and as a list. Read once for all charts. */
export function PageMarks({ host, children }: { host: number; children: ReactNode }) {
  const time = usePageTime();
  const [off, setOff] = useSwitch();
  const { data } = useQuery({
    queryKey: ["marks", host, ...time.key],
    enabled: useLater(),
    queryFn: async ({ signal }) => {
      const { readMarks } = await import("#components/marks/read-marks.ts");
      return readMarks(host, time.instants(), signal);
    },
    refetchInterval: time.every(MINUTE_MS),
  });
  const shown = useMemo(() => (off ? NONE : (data ?? NONE)), [off, data]);
  return (
    <MarksContext value={shown}>
      <MarkList marks={data} isOff={off !== null} onSwitch={() => void setOff(off ? null : "off")} />
      {children}
    </MarksContext>
  );
}
