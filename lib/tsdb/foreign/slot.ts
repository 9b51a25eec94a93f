import type { MetricKind } from "#lib/contract/enums.ts";
import { HOUR_MS } from "#lib/time/durations.ts";
import { Cadence, UNKNOWN_INTERVAL_MS } from "#lib/tsdb/foreign/cadence.ts";

/** A series that has been silent for so long (ms) while its source went on has ended. */
const ENDED_MS = HOUR_MS;

/** Which series stands at which position of a frame. What is new is appended, so that an older frame is a shorter one of the same schema. */
export type GrowingSchema = { readonly id: number; seriesIds: number[] };

/** Where the samples of a series go: at which position of which source's frames. */
export type Slot = {
  readonly seriesId: number;
  readonly metric: string;
  readonly key: string;
  kind: MetricKind;
  unit: string;
  help: string;
  readonly source: GrowingSource;
  position: number;
  /** The newest sample since the process knows it, ms; 0 for none. */
  lastAt: number;
  /** When something of it came last, ms. */
  seenAt: number;
  /** Whether that was a stale marker. */
  stale: boolean;
};

/** A source whose schema grows at its end, with the slots of the series that it takes samples of. */
export class GrowingSource {
  readonly hostId: number;
  readonly id: number;
  /** What it is a part of: the kind and the name of a source without its number. */
  readonly origin: string;
  readonly cadence = new Cadence();
  readonly slots = new Map<number, Slot>();
  schema: GrowingSchema = { id: 0, seriesIds: [] };
  intervalMs = UNKNOWN_INTERVAL_MS;

  constructor(hostId: number, id: number, origin: string) {
    [this.hostId, this.id, this.origin] = [hostId, id, origin];
  }

  /** The slots whose series go on. */
  live(): Slot[] {
    const all = [...this.slots.values()];
    const newest = all.reduce((latest, { seenAt }) => Math.max(latest, seenAt), 0);
    return all.filter(({ stale, seenAt }) => !stale && seenAt > newest - ENDED_MS);
  }
}
