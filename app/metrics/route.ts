import { serve } from "#app/api/_serve/serve.ts";
import { machineId } from "#lib/collect/host.ts";
import { prometheusExposition } from "#lib/contract/prometheus.ts";
import { findOwnHost, readNewestValues } from "#lib/hosts/own-host.ts";
import { EXPOSITION_TYPES, exposeSeries, formatFor } from "#lib/promql/http/exposition.ts";
import { durations } from "#lib/telemetry/durations.ts";

export const GET = serve(prometheusExposition.read, async ({ db, accept }) => {
  const hostId = await findOwnHost(db, await machineId());
  const stored = hostId === undefined ? [] : await readNewestValues(db, hostId, Date.now());
  // What this process has measured is newer than what it has stored.
  const own = durations()
    .readings()
    .map(({ value, labels, ...series }) => ({ ...series, labels: { ...labels, process: "web" }, value: value ?? 0 }));
  const format = formatFor(accept);
  return new Response(exposeSeries([...own, ...stored], format), {
    headers: { "content-type": EXPOSITION_TYPES[format], "cache-control": "no-store" },
  });
});
