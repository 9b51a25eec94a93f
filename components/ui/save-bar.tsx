import type { ReactNode } from "react";

/** Stays in sight below a form: what is not saved yet, and what to do with it. On a phone it stands above the navigation. */
export function SaveBar({ note, children }: { note: string; children: ReactNode }) {
  return (
    <div className="sticky bottom-16 flex flex-wrap items-center justify-between gap-2 rounded-md border border-line bg-surface p-2 shadow-lg md:bottom-2">
      <span className="text-xs">{note}</span>
      <span className="flex gap-2">{children}</span>
    </div>
  );
}
