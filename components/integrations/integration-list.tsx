"use client";

import { useQuery } from "@tanstack/react-query";
import { IntegrationBadge } from "#components/integrations/integration-badge.tsx";
import { type IntegrationState, integrationsQuery } from "#components/integrations/queries.ts";
import { Card, PageTitle } from "#components/ui/card.tsx";
import { Link } from "#components/ui/link.tsx";
import { QueryView } from "#components/ui/query-view.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { INTEGRATIONS } from "#lib/integrations/definitions/index.ts";
import type { Integration } from "#lib/integrations/parts/integration.ts";

function Item({ integration, state }: { integration: Integration; state: IntegrationState | undefined }) {
  const { id, title, brings, main, elsewhere } = integration;
  return (
    <li>
      <Link href={`/integrations/${id}`} className="block h-full rounded-lg">
        <Card className="flex h-full flex-col transition hover:border-accent">
          <span className="font-medium">{title}</span>
          <p className="mt-1 text-muted text-xs">{brings}</p>
          {elsewhere?.brief && <p className="mt-1 text-xs">{elsewhere.brief}</p>}
          <p className="mt-2 font-mono text-2xs text-muted [overflow-wrap:anywhere]">{main.join(", ")}</p>
          <p className="mt-auto pt-3">{state && <IntegrationBadge state={state} />}</p>
        </Card>
      </Link>
    </li>
  );
}

/** A card for each program whose metrics can be taken over, with whether they are. */
export function IntegrationList() {
  const query = useQuery(integrationsQuery());
  return (
    <>
      <PageTitle note="Take over what other programs measure: set-up, a check that data arrives, and a dashboard">
        Integrations
      </PageTitle>
      <QueryView query={query} what="The integrations" skeleton={<Skeleton className="h-96" />}>
        {(states) => (
          <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3 3xl:grid-cols-4">
            {INTEGRATIONS.map((integration) => (
              <Item
                key={integration.id}
                integration={integration}
                state={states.find(({ id }) => id === integration.id)}
              />
            ))}
          </ul>
        )}
      </QueryView>
    </>
  );
}
