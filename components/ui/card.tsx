import type { ReactNode } from "react";
import { cn } from "#components/ui/cn.ts";

export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <section className={cn("min-w-0 rounded-lg border border-line bg-surface p-4", className)}>{children}</section>
  );
}

export function CardTitle({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  return (
    <div className="mb-3 flex items-baseline justify-between gap-3">
      <h2 className="font-medium text-sm">{children}</h2>
      {aside && <div className="text-muted text-xs">{aside}</div>}
    </div>
  );
}

export function PageTitle({ children, note, aside }: { children: ReactNode; note?: ReactNode; aside?: ReactNode }) {
  return (
    <header className="mb-4 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
      <div className="min-w-0">
        <h1 className="break-words font-semibold text-lg tracking-tight">{children}</h1>
        {note && <p className="text-muted text-xs">{note}</p>}
      </div>
      {aside}
    </header>
  );
}
