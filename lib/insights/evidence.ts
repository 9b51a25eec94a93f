import type { Unit } from "#lib/metrics/catalogue.ts";

/** A figure that something rests on: what it is, how much, and of which series, so that a reader can look for themselves. */
export type Evidence = { label: string; value: number; unit: Unit; rate?: boolean; series?: string; seriesId?: number };
