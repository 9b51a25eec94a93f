import { cn } from "#components/ui/cn.ts";

/** The place of something that is being loaded. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden data-skeleton className={cn("animate-pulse rounded-md bg-raised", className)} />;
}
