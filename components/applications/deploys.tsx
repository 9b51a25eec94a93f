"use client";

import { useQuery } from "@tanstack/react-query";
import { Rocket } from "lucide-react";
import type { Subject } from "#components/applications/addresses.ts";
import { mergeDeploys } from "#components/applications/merge-deploys.ts";
import { type Deploy, deploysQuery } from "#components/applications/queries.ts";
import type { TimeMark } from "#components/charts/time-mark.ts";
import { usePageTime } from "#components/time/page-time.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";

const nameOf = ({ version, text }: Deploy): string => version || text;

/** The deploys of a service in the range of its page. */
export function useDeploys(subject: Subject): { deploys: Deploy[]; marks: TimeMark[] } {
  const { data = [] } = useQuery(deploysQuery(subject, usePageTime()));
  const deploys = mergeDeploys(data);
  return { deploys, marks: deploys.map((deploy) => ({ at: deploy.at.getTime(), text: nameOf(deploy) })) };
}

const MOST = 8;

/** The newest deploys with their times, and where more is said of them. */
export function DeployList({ deploys }: { deploys: Deploy[] }) {
  const time = useTimeFormat();
  if (deploys.length === 0) return null;
  const hidden = deploys.length - MOST;
  return (
    <section aria-label="Deploys" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
      <span className="flex items-center gap-1.5 text-muted">
        <Rocket aria-hidden className="size-3.5" /> Deploys
      </span>
      {deploys.slice(-MOST).map((deploy) => {
        const at = time.instant(deploy.at.getTime());
        const name = nameOf(deploy);
        return (
          <span key={deploy.id} className="figures min-w-0 [overflow-wrap:anywhere]" title={deploy.text}>
            {deploy.url ? (
              <a href={deploy.url} target="_blank" rel="noreferrer" className="font-medium text-accent underline">
                {name}
              </a>
            ) : (
              <span className="font-medium">{name}</span>
            )}{" "}
            <span className="text-muted">{at}</span>
          </span>
        );
      })}
      {hidden > 0 && <span className="text-muted">and {hidden} before</span>}
    </section>
  );
}
