import type { ReactNode } from "react";
import { cn } from "#components/ui/cn.ts";

const VARIANTS = {
  plain: "bg-raised text-muted",
  accent: "bg-accent-soft text-ink",
  good: "bg-raised text-good",
  warn: "bg-raised text-warn",
  bad: "bg-bad-soft text-bad",
};

export type BadgeVariant = keyof typeof VARIANTS;

/** A word about a thing: its state or its weight. */
export function Badge({ variant = "plain", children }: { variant?: BadgeVariant; children: ReactNode }) {
  return (
    <span
      className={cn("inline-flex items-center whitespace-nowrap rounded px-1.5 py-0.5 text-2xs", VARIANTS[variant])}
    >
      {children}
    </span>
  );
}
