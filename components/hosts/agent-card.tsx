"use client";

import type { ReactNode } from "react";
import { InstallLine } from "#components/hosts/install-line.tsx";
import { MergeHost } from "#components/hosts/merge-host.tsx";
import { type Host, useCreateToken, useRevokeAgent, useRotateAgent, useUpdateHost } from "#components/hosts/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { durationText } from "#lib/format/duration.ts";
import { countText } from "#lib/format/value.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

type Agent = NonNullable<Host["agent"]>;
export type AgentHost = Pick<Host, "id" | "name" | "hostname" | "retiredAt" | "agent" | "system">;

/** Further off than this, times are corrected by the agent. */
const CLOCK_MS = 5 * SECOND_MS;

function Fact({ name, warn = false, children }: { name: string; warn?: boolean; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted text-xs">{name}</dt>
      <dd className={cn("figures break-words text-sm", warn && "text-warn")}>{children}</dd>
    </div>
  );
}

function clockText(offsetMs: number): string {
  if (Math.abs(offsetMs) < CLOCK_MS) return "as the portal's";
  return `${durationText(Math.abs(offsetMs))} ${offsetMs > 0 ? "ahead" : "behind"}; times are corrected`;
}

function Facts({ agent }: { agent: Agent }) {
  const off = Math.abs(agent.clockOffsetMs) >= CLOCK_MS;
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-3">
      <Fact name="Version">{agent.version}</Fact>
      <Fact name="Last report">
        {agent.lastSeenAt ? <DateTime at={agent.lastSeenAt} /> : "none yet"}
        {agent.address && <span className="block text-muted text-xs">from {agent.address}</span>}
      </Fact>
      <Fact name="Clock" warn={off}>
        {clockText(agent.clockOffsetMs)}
      </Fact>
      <Fact name="Credential">
        since <DateTime at={agent.issuedAt} dayOnly />
        {agent.rotationDue && <span className="block text-muted text-xs">is changed at the next report</span>}
      </Fact>
      <Fact name="Waiting on its disk" warn={agent.waiting > 100}>
        {countText(agent.waiting)} frames
      </Fact>
      <Fact name="Given up by the agent" warn={agent.dropped > 0}>
        {countText(agent.dropped)} frames
      </Fact>
      <Fact name="Refused by the portal" warn={agent.refused > 0}>
        {countText(agent.refused)} frames and batches
      </Fact>
      <Fact name="Left out of frames" warn={agent.leftOut > 0}>
        {countText(agent.leftOut)} readings and processes
      </Fact>
      <Fact name="Enrolled">
        <DateTime at={agent.enrolledAt} dayOnly />
      </Fact>
    </dl>
  );
}

function Acts({ host }: { host: AgentHost }) {
  const [rotate, revoke, update, install] = [useRotateAgent(), useRevokeAgent(), useUpdateHost(), useCreateToken()];
  const failed = [rotate, revoke, update, install].find(({ isError }) => isError);
  const { id, name, agent, retiredAt } = host;
  const active = agent !== null && agent.revokedAt === null;
  return (
    <div className="mt-4 space-y-3 border-line border-t pt-3">
      <div className="flex flex-wrap gap-2">
        {active && (
          <Button className="h-8" disabled={rotate.isPending || agent.rotationDue} onClick={() => rotate.mutate(id)}>
            Rotate credential
          </Button>
        )}
        {agent && (
          <Button
            className="h-8"
            disabled={install.isPending}
            onClick={() => install.mutate({ hostId: id, hours: 1, maxHosts: 1 })}
          >
            Reinstall agent
          </Button>
        )}
        {active && (
          <ConfirmButton
            act="Revoke agent"
            question={`Revoke the agent of ${name}?`}
            consequence="It is let in no longer. What it sent stays; it comes back only by a new install line for this host."
            disabled={revoke.isPending}
            onConfirm={() => revoke.mutate(id)}
          />
        )}
        {retiredAt ? (
          <>
            <Button className="h-8" disabled={update.isPending} onClick={() => update.mutate({ id, retired: false })}>
              Watch host again
            </Button>
            <MergeHost host={host} />
          </>
        ) : (
          <ConfirmButton
            act="Retire host"
            question={`Retire ${name}?`}
            consequence="It is watched and listed no longer, its alerts end and its agent is revoked. Its past is kept as long as retention says, and it can be restored."
            disabled={update.isPending}
            onConfirm={() => update.mutate({ id, retired: true })}
          />
        )}
      </div>
      {failed && <Notice variant="bad" title={failed.error?.message ?? ""} />}
      {install.data && <InstallLine token={install.data} />}
    </div>
  );
}

/** How a host's agent fares, and what can be done about it. */
export function AgentCard({ host, mayManage }: { host: AgentHost; mayManage: boolean }) {
  const { agent } = host;
  if (host.system.kind === "input")
    return (
      <Card className="mb-6">
        <CardTitle>Input</CardTitle>
        <p className="text-muted text-sm">
          What an{" "}
          <Link href="/inputs" className="text-accent underline">
            input
          </Link>{" "}
          receives. Its token, its limits and what was dropped stand there.
        </p>
      </Card>
    );
  return (
    <Card className="mb-6">
      <CardTitle>Agent</CardTitle>
      {agent?.revokedAt && (
        <Notice variant="warn" className="mb-3" title="This agent is revoked">
          Since <DateTime at={agent.revokedAt} /> it is not let in.
        </Notice>
      )}
      {agent?.refusal && agent.refusedAt && (
        <Notice variant="warn" className="mb-3" title={`Frames were refused: ${agent.refusal}`}>
          Last at <DateTime at={agent.refusedAt} />. The agent keeps them in refused.ndjson of its data folder.
        </Notice>
      )}
      {agent?.leftOutReason && agent.leftOutAt && (
        <Notice variant="warn" className="mb-3" title={`Left out of frames: ${agent.leftOutReason}`}>
          Last at <DateTime at={agent.leftOutAt} />. The rest of these frames was stored.
        </Notice>
      )}
      {agent ? <Facts agent={agent} /> : <p className="text-muted text-sm">Sampled by this portal itself.</p>}
      {mayManage && <Acts host={host} />}
    </Card>
  );
}
