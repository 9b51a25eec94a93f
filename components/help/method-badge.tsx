import { cn } from "#components/ui/cn.ts";

const LOOK: Record<string, string> = { get: "text-accent", delete: "text-bad" };

/** The method of an operation: what only reads and what removes are told apart. */
export const MethodBadge = ({ method }: { method: string }) => (
  <span className={cn("font-medium font-mono text-xs", LOOK[method] ?? "text-warn")}>{method.toUpperCase()}</span>
);
