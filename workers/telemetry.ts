import { machineId } from "#lib/collect/host.ts";
import type { Database } from "#lib/db/client.ts";
import { findOwnHost } from "#lib/hosts/own-host.ts";
import { log, reasonOf } from "#lib/log.ts";
import { PORTAL_SOURCE } from "#lib/metrics/frame.ts";
import { durations } from "#lib/telemetry/durations.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";

/**
 * Stores each minute what this process has measured of itself, as series of the portal's own host. What cannot be stored is left out: the next
 * totals hold it. Ends with the signal.
 */
export function recordTelemetry(db: Database, process: string, signal: AbortSignal): void {
  const writer = new FrameWriter(db, new Registry(db));
  const store = async () => {
    const readings = durations()
      .readings()
      .map((reading) => ({ ...reading, labels: { ...reading.labels, process } }));
    const hostId = readings.length > 0 ? await findOwnHost(db, await machineId()) : undefined;
    if (hostId === undefined) return;
    const at = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    const source = { kind: PORTAL_SOURCE, name: process };
    await writer.append(hostId, { source, at, intervalMs: MINUTE_MS, readings });
  };
  const timer = setInterval(
    () =>
      void store().catch((error: unknown) =>
        log.debug({ reason: reasonOf(error) }, "what this process measured is not stored"),
      ),
    MINUTE_MS,
  ).unref();
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
