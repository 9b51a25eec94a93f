import { useQuery } from "@tanstack/react-query";
import { type InputWithToken, inputsQuery } from "#components/inputs/queries.ts";
import { Waiting } from "#components/inputs/waiting.tsx";
import { Age } from "#components/integrations/integration-badge.tsx";
import { integrationsQuery } from "#components/integrations/queries.ts";
import { Notice } from "#components/ui/notice.tsx";
import { plural } from "#lib/format/plural.ts";
import type { Integration } from "#lib/integrations/parts/integration.ts";

/** Whether an integration's own metrics have come by a new input, and not merely any samples. */
export function Arrival({ integration, input }: { integration: Integration; input: InputWithToken }) {
  const { data: inputs = [] } = useQuery(inputsQuery);
  const { data: states = [] } = useQuery(integrationsQuery(input.id));
  const state = states.find(({ id }) => id === integration.id);
  if (state?.lastSeenAt)
    return (
      <Notice variant="good" title={`Data of ${integration.title} is arriving`}>
        {plural(state.series, "series", "series")}, newest sample <Age at={state.lastSeenAt} />
      </Notice>
    );
  const received = inputs.find(({ id }) => id === input.id)?.lastReceivedAt;
  if (received)
    return (
      <Notice variant="warn" title={`Samples arrive, but none of ${integration.title} yet`}>
        Looked for are {integration.known}. Check that the sender collects them.
      </Notice>
    );
  return <Waiting />;
}
