import { serve } from "#app/api/_serve/serve.ts";
import { eventsEndpoint } from "#lib/contract/experiments.ts";
import { ingestEvents } from "#lib/experiments/ingest.ts";

export const POST = serve(eventsEndpoint, async ({ db, body: { events } }) => {
  const now = Date.now();
  const fresh = await ingestEvents(
    db,
    events.map((one) => ({ ...one, at: one.at ?? now })),
  );
  return { received: events.length, fresh };
});
