import type { Server } from "#components/databases/queries.ts";
import { Badge, type BadgeVariant } from "#components/ui/badge.tsx";
import type { ServerState } from "#lib/contract/enums.ts";

const LOOK: Record<ServerState, { variant: BadgeVariant; title: string }> = {
  ok: { variant: "good", title: "ok" },
  info: { variant: "good", title: "ok" },
  warning: { variant: "warn", title: "warning" },
  critical: { variant: "bad", title: "critical" },
  down: { variant: "bad", title: "down" },
  unknown: { variant: "plain", title: "no data" },
};

/** How a server is, by its gravest finding. */
export function ServerStateBadge({ server: { state, enabled, readAt } }: { server: Server }) {
  if (!enabled) return <Badge>off</Badge>;
  if (!readAt) return <Badge>not read yet</Badge>;
  return <Badge variant={LOOK[state].variant}>{LOOK[state].title}</Badge>;
}
