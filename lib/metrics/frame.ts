/** Names of a series' dimensions and their values. */
export type Labels = Readonly<Record<string, string>>;

/** One number of one series. Null where it could not be had this time. */
export type Reading = { metric: string; labels: Labels; value: number | null };

/** One source at one instant. `at` is in ms since the epoch; `intervalMs` is how far apart its frames are meant to be. */
export type Frame = { source: SourceName; at: number; intervalMs: number; readings: Reading[] };

/** Where frames come from, below a host. */
export type SourceName = { kind: "host" | "postgres"; name: string };

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
