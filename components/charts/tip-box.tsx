import type { ReactNode } from "react";

const GAP = 12;

type Props = { x: number; top: number; width: number; hint?: string | undefined; children: ReactNode };

/** What is said of a place in a chart, beside it, on the side where there is more room. */
export const TipBox = ({ x, top, width, hint, children }: Props) => (
  <div
    aria-hidden
    className="pointer-events-none absolute z-10 max-w-80 rounded-md border border-line bg-surface px-2.5 py-2 text-xs shadow-lg"
    style={{ top, ...(x > width / 2 ? { right: width - x + GAP } : { left: x + GAP }) }}
  >
    {children}
    {hint && <p className="mt-1 text-2xs text-muted">{hint}</p>}
  </div>
);
