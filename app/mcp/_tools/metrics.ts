import * as z from "zod";
import { limit, search, span } from "#app/mcp/_tools/inputs.ts";
import { tool } from "#app/mcp/_tools/tool.ts";
import { GET as readMetadata } from "#app/prometheus/api/v1/metadata/route.ts";
import { GET as queryInstant } from "#app/prometheus/api/v1/query/route.ts";
import { GET as queryRange } from "#app/prometheus/api/v1/query_range/route.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { parseInstant, parseSpan } from "#lib/time/instant.ts";

type Meta = { type: string; help: string; unit: string };
type Answer<T> = { data: T; warnings?: string[] };
type Instant = { resultType: string; result: unknown };
type Line = { metric: Record<string, string>; values: [number, string][] };

const expression = z
  .string()
  .min(1)
  .max(10_000)
  .describe('PromQL, such as topk(5, avg_over_time(cpu_usage[10m])) or rate(network_receive_bytes{host="db-01"}[5m])');

/** How a line went, in a few figures, with its points; infinite and missing values are in none of the figures. */
function summarize({ metric, values }: Line) {
  const points = values.map(([at, text]): [string, number | string] => {
    const value = Number(text);
    return [new Date(at * SECOND_MS).toISOString(), Number.isFinite(value) ? value : text];
  });
  const finite = points.flatMap(([, value]) => (typeof value === "number" ? [value] : []));
  const figures =
    finite.length === 0
      ? {}
      : {
          first: finite[0],
          last: finite.at(-1),
          min: finite.reduce((a, b) => Math.min(a, b)),
          max: finite.reduce((a, b) => Math.max(a, b)),
          mean: finite.reduce((sum, value) => sum + value / finite.length, 0),
        };
  return { metric, ...figures, points };
}

export const metricTools = [
  tool({
    name: "list_metrics",
    title: "List metrics",
    description:
      "Names of metrics as PromQL has them, with kind, unit and help. Search by a part of the name or of the help.",
    permissions: ["metrics:read"],
    input: { search, limit: limit.default(50) },
    async run({ search: text = "", limit: most }, { ask }) {
      const { data } = (await ask(readMetadata)) as Answer<Record<string, Meta[]>>;
      const wanted = text.toLowerCase();
      const found = Object.entries(data)
        .map(([name, [meta]]) => ({ name, ...meta }))
        .filter(({ name, help = "" }) => `${name} ${help}`.toLowerCase().includes(wanted));
      return { total: found.length, metrics: found.slice(0, most) };
    },
  }),
  tool({
    name: "query",
    title: "Query metrics at an instant",
    description: "Evaluates a PromQL expression at an instant. The label `host` names the host of each series.",
    permissions: ["metrics:read"],
    input: { expression, time: z.string().default("now").describe("ISO 8601, or relative such as now-5m") },
    async run({ expression: query, time }, { ask, now }) {
      const at = parseInstant(time, "time", now);
      const { data, warnings } = (await ask(queryInstant, {
        query: { query, time: at / SECOND_MS },
      })) as Answer<Instant>;
      return { time: new Date(at).toISOString(), ...data, ...(warnings ? { warnings } : {}) };
    },
  }),
  tool({
    name: "query_range",
    title: "Query metrics over a range",
    description:
      "Evaluates a PromQL expression over a range: for each series first, last, min, max, mean and the points. At most 20 series: aggregate, or use topk.",
    permissions: ["metrics:read"],
    input: { expression, ...span("now-1h"), points: z.number().int().min(2).max(200).default(60) },
    async run({ expression: query, from, to, points }, { ask, now }) {
      const range = parseSpan({ from, to }, now);
      const step = Math.max(1, Math.ceil((range.to - range.from) / SECOND_MS / (points - 1)));
      const [start, end] = [range.from / SECOND_MS, range.to / SECOND_MS];
      const { data } = (await ask(queryRange, { query: { query, start, end, step } })) as Answer<{ result: Line[] }>;
      if (data.result.length === 0)
        return { step_s: step, series: [], note: "No series matches, or none has samples in this range" };
      const series = data.result.slice(0, 20).map(summarize);
      const leftOff = data.result.length - series.length;
      return { step_s: step, series, ...(leftOff > 0 ? { series_left_off: leftOff } : {}) };
    },
  }),
];
