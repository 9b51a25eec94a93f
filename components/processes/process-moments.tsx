"use client";

import dynamic from "next/dynamic";
import { createParser, useQueryState } from "nuqs";
import { createContext, type ReactNode, useCallback, useContext, useRef } from "react";
import { type Moment, momentText, parseMoment } from "#components/processes/moment.ts";
import { orLost } from "#components/ui/lost.tsx";

/** Comes with the first moment that somebody opens. */
const ProcessesDrawer = dynamic(
  orLost(() => import("#components/processes/processes-drawer.tsx").then((drawer) => drawer.ProcessesDrawer)),
);

const parser = createParser({ parse: parseMoment, serialize: momentText });

const ShowContext = createContext<((moment: Moment) => void) | null>(null);

/** Shows the processes of a moment beside the page; null where the page is of no host. */
export const useShowProcesses = () => useContext(ShowContext);

/** A page of one host whose charts lead to processes. The moment stands in the address, so that it can be handed on. */
export function ProcessMoments({ host, children }: { host: number; children: ReactNode }) {
  const [moment, setMoment] = useQueryState("processes", parser);
  const focused = useRef<HTMLElement | SVGElement | null>(null);
  const show = useCallback(
    (next: Moment) => {
      const active = document.activeElement;
      // Whoever chooses another while it is open goes back to the chart all the same.
      if ((active instanceof HTMLElement || active instanceof SVGElement) && !active.closest("[role=dialog]"))
        focused.current = active;
      void setMoment(next);
    },
    [setMoment],
  );
  return (
    <ShowContext value={show}>
      {children}
      {moment && (
        <ProcessesDrawer
          host={host}
          moment={moment}
          onNow={() => void setMoment("now")}
          onClose={() => {
            void setMoment(null);
            focused.current?.focus();
          }}
        />
      )}
    </ShowContext>
  );
}
