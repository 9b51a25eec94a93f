import { serve } from "#app/api/_serve/serve.ts";
import { contract } from "#lib/contract/index.ts";
import { ingestEvents } from "#lib/experiments/record-events.ts";

export const POST = serve(contract.experiments.recordEvents, async ({ db, body: { events } }) => {
  const now = Date.now();
  const fresh = await ingestEvents(
    db,
    events.map((event) => ({ ...event, at: event.at ?? now })),
  );
  return { received: events.length, fresh };
});
