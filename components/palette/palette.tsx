"use client";

import { Command } from "cmdk";
import { Dialog as Radix } from "radix-ui";
import { useState } from "react";
import { type Entry, useEntries } from "#components/palette/entries.ts";
import type { Role } from "#lib/contract/roles.ts";

export type PaletteProps = { role: Role; onClose: () => void; showSheet: () => void };

function Item({ entry, onRun }: { entry: Entry; onRun: (entry: Entry) => void }) {
  return (
    <Command.Item
      value={entry.key}
      onSelect={() => onRun(entry)}
      className="flex min-h-9 cursor-pointer items-center justify-between gap-4 rounded-md px-2 py-1 data-[selected=true]:bg-accent-soft"
    >
      <span className="min-w-0 truncate">{entry.title}</span>
      {entry.note && <span className="max-w-[50%] shrink-0 truncate text-muted text-xs">{entry.note}</span>}
    </Command.Item>
  );
}

function Found({
  role,
  typed,
  showSheet,
  onRun,
}: Omit<PaletteProps, "onClose"> & { typed: string; onRun: (entry: Entry) => void }) {
  const groups = useEntries(role, typed, showSheet);
  return (
    <Command.List label="What was found" className="max-h-[min(60dvh,28rem)] overflow-y-auto overscroll-contain p-2">
      <Command.Empty className="p-3 text-muted text-sm">
        Nothing is called that. Pages, hosts, metrics, acts and the guides are searched.
      </Command.Empty>
      {groups.map(({ title, entries, isFailed }) => (
        <Command.Group
          key={title}
          heading={title}
          className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-muted [&_[cmdk-group-heading]]:text-xs"
        >
          {entries.map((entry) => (
            <Item key={entry.key} entry={entry} onRun={onRun} />
          ))}
          {isFailed && <p className="px-2 py-1 text-bad text-xs">They could not be read: they are tried again.</p>}
        </Command.Group>
      ))}
    </Command.List>
  );
}

/** Finds pages, hosts, metrics and acts by a few letters. What is chosen is done after it has closed, so that the focus is where the act puts it. */
export function Palette({ role, onClose, showSheet }: PaletteProps) {
  const [typed, setTyped] = useState("");
  const run = (entry: Entry) => {
    onClose();
    entry.run();
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[10dvh] left-1/2 z-50 w-[min(38rem,calc(100vw-1.5rem))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-surface shadow-xl"
        >
          <Radix.Title className="sr-only">Search</Radix.Title>
          <Command shouldFilter={false} loop label="Search">
            <Command.Input
              value={typed}
              onValueChange={setTyped}
              maxLength={200}
              placeholder="Search pages, hosts, metrics, acts"
              className="h-12 w-full border-line border-b bg-surface px-4 placeholder:text-muted focus:outline-none"
            />
            <Found role={role} typed={typed} showSheet={showSheet} onRun={run} />
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
