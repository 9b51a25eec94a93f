"use client";

import { Popover } from "radix-ui";
import type { ReactNode, RefObject } from "react";
import { usePageTime } from "#components/time/page-time.tsx";
import { RangeDates } from "#components/time/range-dates.tsx";
import { RangeEntry } from "#components/time/range-entry.tsx";
import { keepRange, recentRanges } from "#components/time/recent-ranges.ts";
import { TimeChoices } from "#components/time/time-choices.tsx";
import { cn } from "#components/ui/cn.ts";
import { useTimeFormat } from "#components/ui/time-format.tsx";
import { rangeText } from "#lib/format/range-text.ts";
import type { RangeText } from "#lib/time/range/range.ts";

const last = (length: string): RangeText => ({ from: `now-${length}`, to: "now" });

const PRESETS: [string, RangeText[]][] = [
  ["Last", ["5m", "15m", "30m", "1h", "3h", "6h", "12h", "24h", "2d", "7d", "30d", "90d", "6M", "1y"].map(last)],
  [
    "Days and weeks",
    [
      { from: "now/d", to: "now" },
      { from: "now-1d/d", to: "now-1d/d" },
      { from: "now/w", to: "now" },
      { from: "now-1w/w", to: "now-1w/w" },
      { from: "now/M", to: "now" },
      { from: "now-1M/M", to: "now-1M/M" },
    ],
  ],
];

type ListProps = { title: string; ranges: RangeText[]; onChoose: (range: RangeText) => void };

/** Ranges to choose from; the one that is shown stands out. */
function RangeList({ title, ranges, onChoose }: ListProps) {
  const { shown, now } = usePageTime();
  const time = useTimeFormat();
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-xs">{title}</legend>
      <div className="flex flex-wrap gap-1">
        {ranges.map((range) => {
          const isShown = range.from === shown.from && range.to === shown.to;
          return (
            <button
              key={`${range.from} ${range.to}`}
              type="button"
              aria-pressed={isShown}
              onClick={() => onChoose(range)}
              className={cn(
                "figures min-h-6 cursor-pointer rounded border border-line px-2 py-0.5 text-xs hover:bg-raised",
                isShown && "bg-accent-soft font-medium",
              )}
            >
              {rangeText(range, time, now()).replace(/^Last (?=\d)/, "")}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}

type Props = { anchor: RefObject<HTMLButtonElement | null>; onClose: () => void };

const Frame = ({ anchor, onClose, children }: Props & { children: ReactNode }) => (
  <Popover.Root open onOpenChange={(open) => !open && onClose()}>
    <Popover.Anchor virtualRef={anchor as RefObject<HTMLButtonElement>} />
    <Popover.Portal>
      <Popover.Content
        aria-label="Time range"
        align="end"
        sideOffset={6}
        collisionPadding={8}
        className="z-30 max-h-(--radix-popover-content-available-height) w-[min(26rem,calc(100vw-1rem))] space-y-3 overflow-y-auto rounded-lg border border-line bg-surface p-3 shadow-lg"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          anchor.current?.focus();
        }}
        onInteractOutside={(event) => {
          // The button closes it by itself, and would open it again.
          if (event.target instanceof Node && anchor.current?.contains(event.target)) event.preventDefault();
        }}
      >
        {children}
      </Popover.Content>
    </Popover.Portal>
  </Popover.Root>
);

/** All that can be chosen of a page's time. */
export function TimePopup(props: Props) {
  const { show } = usePageTime();
  const recent = recentRanges();
  const choose = (range: RangeText) => {
    show(range);
    props.onClose();
  };
  const chooseOwn = (range: RangeText) => {
    keepRange(range);
    choose(range);
  };
  return (
    <Frame {...props}>
      <RangeEntry onChoose={chooseOwn} />
      {PRESETS.map(([title, ranges]) => (
        <RangeList key={title} {...{ title, ranges }} onChoose={choose} />
      ))}
      {recent.length > 0 && <RangeList title="Recently used" ranges={recent} onChoose={chooseOwn} />}
      <RangeDates onChoose={chooseOwn} />
      <TimeChoices />
    </Frame>
  );
}
