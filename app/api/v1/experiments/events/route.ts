import { preflight } from "#app/api/_serve/cors.ts";
import { serve } from "#app/api/_serve/serve.ts";
import * as contract from "#lib/contract/index.ts";
import { ingestEvents } from "#lib/experiments/record-events.ts";

export const POST = serve(contract.experiments.recordEvents, async ({ db, key, body: { events } }) => {
  const now = Date.now();
  const fresh = await ingestEvents(
    db,
    events.map((event) => ({ ...event, at: event.at ?? now })),
    key,
  );
  return { received: events.length, fresh };
});

export const OPTIONS = preflight(contract.experiments.recordEvents);
