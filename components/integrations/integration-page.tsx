"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PanelGrid } from "#components/expressions/panel-grid.tsx";
import { IntegrationBadge } from "#components/integrations/integration-badge.tsx";
import { type IntegrationState, integrationsQuery } from "#components/integrations/queries.ts";
import { SetUp } from "#components/integrations/set-up.tsx";
import { TimeProvider } from "#components/time/page-time.tsx";
import { TimeControl } from "#components/time/time-control.tsx";
import { Card, CardTitle, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { findIntegration } from "#lib/integrations/definitions/index.ts";
import type { Integration } from "#lib/integrations/parts/integration.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

type PartProps = { integration: Integration; state: IntegrationState };

/** The charts, of all inputs that have data of it or of one. */
function Dashboard({ integration: { panels }, state: { hosts } }: PartProps) {
  const [host, setHost] = useState("");
  const inputs = [
    { value: "", title: "All inputs" },
    ...hosts.map(({ id, name }) => ({ value: String(id), title: name })),
  ];
  return (
    <section aria-label="Dashboard">
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <TimeControl />
        {hosts.length > 1 && (
          <Select
            hiddenLabel
            label="Input"
            options={inputs}
            value={host}
            onChange={({ target }) => setHost(target.value)}
          />
        )}
      </div>
      <PanelGrid panels={panels} host={host === "" ? undefined : Number(host)} />
    </section>
  );
}

function Elsewhere({ text, href, link }: NonNullable<Integration["elsewhere"]>) {
  return (
    <Notice className="mb-4">
      {text}{" "}
      <Link href={href} className="text-accent underline">
        {link}
      </Link>
    </Notice>
  );
}

/** The set-up stays where it is when data arrives, with the token that it shows. */
function Content({ integration, state, mayWrite }: PartProps & { mayWrite: boolean }) {
  const [isOpen, setOpen] = useState(state.series === 0);
  return (
    <div className="space-y-4">
      <p>
        <IntegrationBadge state={state} />
      </p>
      {state.series > 0 && (
        <TimeProvider>
          <Dashboard {...{ integration, state }} />
        </TimeProvider>
      )}
      <Card>
        <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary className="cursor-pointer font-medium text-sm">Set up {integration.title}</summary>
          <div className="mt-4">
            <SetUp {...{ integration, mayWrite }} />
          </div>
        </details>
      </Card>
      {state.series === 0 && (
        <Card>
          <CardTitle>Dashboard</CardTitle>
          <p className="figures mb-2 text-muted text-xs">
            {integration.panels.length} charts are here once data arrives:
          </p>
          <ul className="columns-1 text-xs sm:columns-2 xl:columns-3">
            {integration.panels.map(({ title }) => (
              <li key={title}>{title}</li>
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}

/** An integration: how it is set up, and its dashboard once data has come. */
export function IntegrationPage({ id, mayWrite }: { id: string; mayWrite: boolean }) {
  // More often than the list: somebody waits here for the first data.
  const query = useQuery({ ...integrationsQuery(), refetchInterval: 5 * SECOND_MS });
  const integration = findIntegration(id);
  if (!integration) return null;
  return (
    <>
      <PageTitle note={integration.brings}>{integration.title}</PageTitle>
      {integration.elsewhere && <Elsewhere {...integration.elsewhere} />}
      <QueryView query={query} what="The integration" skeleton={<Skeleton className="h-96" />}>
        {(states) => {
          const state = states.find((each) => each.id === id);
          return state && <Content {...{ integration, state, mayWrite }} />;
        }}
      </QueryView>
    </>
  );
}
