import type { Part, StreamPoint } from "#lib/otlp/metrics/streams.ts";
import type { ReadSpan } from "#lib/otlp/traces/read-spans.ts";

/** Bounds of durations, seconds: those of OpenTelemetry's own for HTTP, with finer and coarser ones. */
const DURATION_BOUNDS = [
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75],
  ...[1, 2.5, 5, 7.5, 10, 30, 60],
];

/** So many operations of a service are counted each by itself, and so many groups of an input. */
const MAX_OPERATIONS = 100;
const MAX_SERVICES = 100;
const MAX_GROUPS = 400;
const OTHER = "other";

type Group = { labels: Record<string, string>; values: number[] };

const PARTS: Part[] = [
  ...[...DURATION_BOUNDS, "+Inf"].map(
    (bound): Part => ({ suffix: "_bucket", label: ["le", String(bound)], kind: "histogram" }),
  ),
  { suffix: "_count", kind: "histogram" },
  { suffix: "_sum", kind: "histogram" },
];
const [COUNT, SUM] = [DURATION_BOUNDS.length + 1, DURATION_BOUNDS.length + 2];
const HELP = "How long spans took, by service, operation, kind and status";
const FOLDED_HELP = "Spans of operations beyond those that are counted each by itself";

/** Counts spans by service, operation, kind and status until what was counted is taken out. */
export class SpanRates {
  readonly #operations = new Map<string, Set<string>>();
  readonly #known = new Set<string>();
  #groups = new Map<string, Group>();
  #folded = new Map<string, number>();

  /** The service and operation that a span is counted under: beyond a number of these, `other`. */
  nameOf({ service, operation, kind }: Pick<ReadSpan, "service" | "operation" | "kind">): {
    service: string;
    operation: string;
  } {
    let name = service;
    if (!this.#operations.has(service) && this.#operations.size >= MAX_SERVICES) name = OTHER;
    let operations = this.#operations.get(name);
    if (!operations) {
      operations = new Set();
      this.#operations.set(name, operations);
    }
    const key = `${kind} ${operation}`;
    if (operations.has(key)) return { service: name, operation };
    if (operations.size >= MAX_OPERATIONS) return { service: name, operation: OTHER };
    operations.add(key);
    return { service: name, operation };
  }

  add(span: ReadSpan): void {
    const { kind, failed, duration, environment } = span;
    const { service, operation } = this.nameOf(span);
    const group = this.#groupOf(service, operation, kind, failed, environment);
    if (group.labels.operation === OTHER && span.operation !== OTHER)
      this.#folded.set(service, (this.#folded.get(service) ?? 0) + 1);
    const first = DURATION_BOUNDS.findIndex((bound) => duration <= bound);
    for (let n = first === -1 ? DURATION_BOUNDS.length : first; n <= COUNT; n++)
      group.values[n] = (group.values[n] ?? 0) + 1;
    group.values[SUM] = (group.values[SUM] ?? 0) + duration;
  }

  #groupOf(job: string, operation: string, kind: string, failed: boolean, environment: string): Group {
    const status = failed ? "error" : "ok";
    const key = JSON.stringify([job, operation, kind, status, environment]);
    if (!this.#known.has(key) && this.#known.size >= MAX_GROUPS && (operation !== OTHER || environment !== ""))
      return this.#groupOf(job, OTHER, kind, failed, "");
    this.#known.add(key);
    let group = this.#groups.get(key);
    if (!group) {
      const labels = { job, operation, "span.kind": kind, status };
      const named = environment === "" ? labels : { ...labels, "deployment.environment": environment };
      group = { labels: named, values: PARTS.map(() => 0) };
      this.#groups.set(key, group);
    }
    return group;
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  /** Takes out what was counted, as points at `at` of what was added since `startAt`. */
  take(at: number, startAt: number): StreamPoint[] {
    const point = { at, startAt, stale: false, delta: true };
    const durations = [...this.#groups.values()].map(({ labels, values }) => ({
      ...point,
      stream: { metric: "traces.span.duration", labels, unit: "s", help: HELP, parts: PARTS },
      values,
    }));
    const folded = [...this.#folded].map(([job, count]) => ({
      ...point,
      stream: {
        ...{ metric: "traces.span.other", labels: { job }, unit: "{span}", help: FOLDED_HELP },
        parts: [{ suffix: "", kind: "counter" as const }],
      },
      values: [count],
    }));
    this.#groups = new Map();
    this.#folded = new Map();
    return [...durations, ...folded];
  }

  /** Puts back what was taken out and could not be stored. */
  giveBack(points: StreamPoint[]): void {
    for (const { stream, values } of points) {
      const { labels, metric } = stream;
      if (metric === "traces.span.other") {
        this.#folded.set(labels.job ?? "", (this.#folded.get(labels.job ?? "") ?? 0) + (values[0] ?? 0));
        continue;
      }
      const {
        job = "",
        operation = "",
        "span.kind": kind = "",
        status,
        "deployment.environment": environment = "",
      } = labels;
      const group = this.#groupOf(job, operation, kind, status === "error", environment);
      for (const [n, value] of values.entries()) group.values[n] = (group.values[n] ?? 0) + value;
    }
  }
}
