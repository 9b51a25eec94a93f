"use client";

import { useQuery } from "@tanstack/react-query";
import { Dialog as Radix } from "radix-ui";
import type { Moment } from "#components/processes/moment.ts";
import { ProcessTable } from "#components/processes/process-table.tsx";
import { processesQuery } from "#components/processes/queries.ts";
import { useSpanText } from "#components/processes/span-text.ts";
import { WhyNone } from "#components/processes/why-none.tsx";
import { Button } from "#components/ui/button.tsx";
import { DialogClose } from "#components/ui/dialog-popup.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";

type Props = { host: number; moment: Moment; onNow: () => void; onClose: () => void };

/** The processes of a moment, beside the page, whose charts go on to be of use. Escape closes it. */
export function ProcessesDrawer({ host, moment, onNow, onClose }: Props) {
  const time = useTimeFormat();
  const spanText = useSpanText();
  const query = useQuery(processesQuery(host, moment));
  const title = moment === "now" ? "Processes now" : `Processes at ${time.clock(moment.from, true)}`;
  return (
    <Radix.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Content
          aria-describedby={undefined}
          onInteractOutside={(event) => event.preventDefault()}
          // Not on a button: nobody has chosen one yet.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="fixed inset-y-0 right-0 z-40 flex w-[min(34rem,100vw)] flex-col border-line border-l bg-surface shadow-xl outline-none print:hidden"
        >
          <div className="flex items-start justify-between gap-3 border-line border-b px-4 py-3">
            <div className="min-w-0">
              <Radix.Title className="figures font-semibold">{title}</Radix.Title>
              <p className="figures min-h-4 text-muted text-xs">
                {(query.data && spanText(query.data)) ?? (moment !== "now" && time.instant(moment.from))}
              </p>
            </div>
            <div className="-mr-1 flex items-center gap-1">
              {moment !== "now" && (
                <Button variant="quiet" className="h-8 text-xs" onClick={onNow}>
                  Show now
                </Button>
              )}
              <DialogClose label="Close processes" />
            </div>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3">
            <QueryView
              query={query}
              what="The processes"
              isEmpty={({ groups }) => groups.length === 0}
              empty={query.data && <WhyNone processes={query.data} at={moment === "now" ? undefined : moment.from} />}
            >
              {({ groups }) => <ProcessTable groups={groups} />}
            </QueryView>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
