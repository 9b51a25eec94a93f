import type { ReactNode } from "react";

/** One of a list: what it is, what there is to say of it, and what can be done with it. */
export function ListRow({ title, note, children }: { title: string; note: ReactNode; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-2.5">
      <span className="min-w-0">
        <span className="block truncate font-medium">{title}</span>
        <span className="figures block text-muted text-xs">{note}</span>
      </span>
      <span className="flex flex-wrap gap-2">{children}</span>
    </li>
  );
}
