import type { Labels, Reading } from "#lib/metrics/frame.ts";
import { legalLabel, legalMetric } from "#lib/promql/store/names.ts";

/** A series with its newest value, as programs that scrape read it. */
export type ExposedSeries = Pick<Reading, "metric" | "labels" | "kind" | "help"> & { value: number };

/** The two text formats that Prometheus reads. */
export type ExpositionFormat = "text" | "openmetrics";

export const EXPOSITION_TYPES: Record<ExpositionFormat, string> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

type Family = { type: string; help: string; lines: Map<string, string> };

const PART = /_(bucket|count|sum)$/;

/** The family of a series, and its own name: a counter ends in _total, which OpenMetrics asks for. */
function nameOf({ metric, kind }: ExposedSeries): { family: string; name: string; type: string } {
  const name = legalMetric(metric);
  if (kind === "histogram" && PART.test(name)) return { family: name.replace(PART, ""), name, type: "histogram" };
  if (kind !== "counter") return { family: name, name, type: "gauge" };
  const family = name.replace(/_total$/, "");
  return { family, name: `${family}_total`, type: "counter" };
}

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
const quoted = (text: string): string => `"${escaped(text).replaceAll('"', '\\"')}"`;

function labelText(labels: Labels): string {
  const named = new Map(Object.entries(labels).map(([name, value]) => [legalLabel(name), value]));
  const parts = [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${quoted(value)}`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

const valueText = (value: number): string =>
  Number.isNaN(value) ? "NaN" : Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";

/** Families in their own order; of series with the same name and labels the first counts, and so does a family's first type. */
function familiesOf(series: ExposedSeries[]): Map<string, Family> {
  const families = new Map<string, Family>();
  for (const exposed of series) {
    const { family, name, type } = nameOf(exposed);
    const found = families.get(family) ?? { type, help: exposed.help ?? "", lines: new Map<string, string>() };
    families.set(family, found);
    const key = `${name}${labelText(exposed.labels)}`;
    if (found.type === type && !found.lines.has(key)) found.lines.set(key, `${key} ${valueText(exposed.value)}`);
  }
  return families;
}

/** Series in a text format of Prometheus, with their kind and help. */
export function exposeSeries(series: ExposedSeries[], format: ExpositionFormat): string {
  const isOpen = format === "openmetrics";
  const parts = [...familiesOf(series)].map(([family, { type, help, lines }]) => {
    const head = type === "counter" && !isOpen ? `${family}_total` : family;
    const about = isOpen ? escaped(help).replaceAll('"', '\\"') : escaped(help);
    const text = about === "" ? [] : [`# HELP ${head} ${about}`];
    return [...text, `# TYPE ${head} ${type}`, ...lines.values(), ""].join("\n");
  });
  return parts.join("") + (isOpen ? "# EOF\n" : "");
}

/** The format that whoever asks accepts: the plain one, unless OpenMetrics is named. */
export const formatFor = (accept: string | null): ExpositionFormat =>
  accept?.includes("application/openmetrics-text") ? "openmetrics" : "text";
