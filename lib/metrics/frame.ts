import type { MetricKind } from "#lib/contract/enums.ts";
import type { ProcessTop } from "#lib/contract/processes.ts";
import type { Unit } from "#lib/metrics/catalogue.ts";

/** Names of a series' dimensions and their values. */
export type Labels = Readonly<Record<string, string>>;

/** What a series' numbers are. Where a reading leaves it out, the catalogue of metrics says it. */
export type SeriesMetadata = { unit: Unit; kind: MetricKind; help: string };

/** One number of one series. Null where it could not be had this time. */
export type Reading = { metric: string; labels: Labels; value: number | null } & Partial<SeriesMetadata>;

/**
 * One source at one instant. `at` is in ms since the epoch; `intervalMs` is how far apart its frames are meant to be. A host's frame brings along which
 * processes used most, where that was looked at.
 */
export type Frame = { source: SourceRef; at: number; intervalMs: number; readings: Reading[]; processes?: ProcessTop };

/** Where frames come from, below a host: "host" for its operating system, else what kind of program, in lower case. */
export type SourceRef = { kind: string; name: string };

/**
 * Sources of this kind are database servers that the portal reads from where it runs: their frames do not prove that the host of the server lives,
 * nor that its recorder does.
 */
export const REMOTE_SOURCE = "database";

/** Sources of this kind are processes of the portal that measure themselves: these prove as little. */
export const PORTAL_SOURCE = "sightline";

/** Kinds of sources whose frames say nothing of the host. */
export const APART_SOURCES = [REMOTE_SOURCE, PORTAL_SOURCE];

/** Whether a series is of the host itself, or of the portal's own database: those of other database servers bear the server's name. */
export const isOfHost = (labels: Labels): boolean => labels.server === undefined;

/** Labels in one spelling, so that equal sets are equal strings: mount="/",type="ext4" */
export function labelsKey(labels: Labels): string {
  return Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
    .join(",");
}

/** A series' name as readers write it: disk.usage{mount="/"} */
export function seriesName(metric: string, labels: Labels): string {
  const key = labelsKey(labels);
  return key === "" ? metric : `${metric}{${key}}`;
}

/** All that makes a frame's shape: frames of one shape differ only in their time, their values and what comes along. */
export const frameShape = ({ source, intervalMs, readings }: Frame): string =>
  JSON.stringify([
    ...[source.kind, source.name, intervalMs],
    ...readings.map(({ metric, labels, unit, kind, help }) => [seriesName(metric, labels), unit, kind, help]),
  ]);
