import { type Expression, partsOf } from "#lib/promql/syntax/expression.ts";
import { parseExpression } from "#lib/promql/syntax/parse.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";

/** A series of samples, one each step; null where there is none. */
export type MadeSeries = { host: string; metric: string; labels: Record<string, string>; values: (number | null)[] };

type Span = { from: number; to: number; stepMs: number };

/** Numbers that are the same in each run. */
function randoms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Labels that exporters give metrics beside instance and job: all combinations of these. */
const FAMILIES: [RegExp, Record<string, string[]>][] = [
  [/^node_filesystem_/, { device: ["sda1"], fstype: ["ext4"], mountpoint: ["/", "/var"] }],
  [/^node_(disk|network)_/, { device: ["d0", "d1"] }],
  [/^node_cpu_/, { cpu: ["0", "1"], mode: ["idle", "steal", "iowait"] }],
  [/^node_systemd_/, { name: ["shop.service"], state: ["failed", "active"] }],
  [/^node_hwmon_/, { chip: ["c0"], sensor: ["temp1"] }],
  [/^node_md_disks$/, { device: ["md0"], state: ["active", "failed"] }],
  [/^node_md_/, { device: ["md0"] }],
  [/^container_/, { pod: ["p0"], container: ["app"], namespace: ["shop"], name: ["app-1", "app-2"] }],
  [/^haproxy_server_http_responses/, { proxy: ["www"], server: ["s0"], code: ["2xx", "4xx", "5xx"] }],
  [/^haproxy_server_/, { proxy: ["www"], server: ["s0"] }],
  [/^haproxy_/, { proxy: ["www"] }],
  [/^jvm_memory_(used|max)/, { area: ["heap", "nonheap"] }],
  [/^jvm_gc_/, { gc: ["G1 old generation", "G1 major"] }],
  [/^jvm_threads_state/, { state: ["BLOCKED"] }],
  [/^nginx_http_requests/, { status: ["200", "404", "503"] }],
  [/_bucket$/, { le: ["0.1", "1", "5", "+Inf"], node: ["n0"] }],
  [
    /^pg_(stat_user_tables|bloat_table|general|settings_autovacuum)/,
    { relname: ["orders"], indexrelname: ["orders_ccnew"] },
  ],
  [/^pg_bloat_btree/, { idxname: ["orders_pkey"] }],
  [/^pg_stat_(database|activity)/, { datname: ["shop"], datid: ["5"], server: ["s0"] }],
  [/^pg_settings_max_connections/, { datname: ["shop"], server: ["s0"] }],
  [/^redis_instance_info/, { role: ["master"] }],
  [/^go_gc_duration_seconds$/, { quantile: ["1"] }],
];

const combinations = (choices: Record<string, string[]>): Record<string, string>[] =>
  Object.entries(choices).reduce<Record<string, string>[]>(
    (all, [name, values]) => all.flatMap((labels) => values.map((value) => ({ ...labels, [name]: value }))),
    [{}],
  );

/** What the rules do with a metric. */
type Use = { numbers: Set<number>; isCounter: boolean; drifts: boolean; asksTime: boolean; longest: number };

const COUNTING = new Set(["rate", "irate", "increase"]);
const DRIFTING = new Set(["deriv", "delta", "predict_linear", "changes"]);

function usesOf(rules: { expr: string; forMs: number }[]): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const { expr, forMs } of rules) {
    const [numbers, names, drifting] = [new Set<number>(), new Map<string, boolean>(), new Set<string>()];
    let asksTime = false;
    const visit = (node: Expression, counts: boolean, drifts = false): void => {
      if (node.kind === "number") numbers.add(node.value);
      if (node.kind === "selector" && node.name) names.set(node.name, counts || (names.get(node.name) ?? false));
      if (node.kind === "selector" && drifts) drifting.add(node.name);
      const called = node.kind === "call" ? node.name : "";
      if (called === "time") asksTime = true;
      for (const part of partsOf(node)) visit(part, counts || COUNTING.has(called), drifts || DRIFTING.has(called));
    };
    visit(parseExpression(expr), false);
    for (const [name, counts] of names) {
      const use = uses.get(name) ?? {
        numbers: new Set(),
        isCounter: false,
        drifts: false,
        asksTime: false,
        longest: 0,
      };
      for (const number of numbers) use.numbers.add(number);
      use.isCounter ||= counts || /_(sum|count|bucket)$/.test(name);
      use.drifts ||= drifting.has(name);
      use.asksTime ||= asksTime;
      use.longest = Math.max(use.longest, forMs);
      uses.set(name, use);
    }
  }
  return uses;
}

/** What is gone for a while on all hosts. */
const ABSENT = /^(container_last_seen|redis_instance_info)$/;

/** A share of the time of a core. */
const SHARES = [0, 0.02, 0.05, 0.5, 0.9, 0.97];
const DRIFTS = [0, 0, -20, 0.5, 12, 1_500, 15_000_000];
const SLOPES = [0, 0, 0.01, 0.25, 1, 1, 25, 200, 200_000, 2_000_000_000];
const AGES = [0, 0, -30, -100, -1_000_000, 864_000, 100_000, -86_400, 3_000_000];

/** A setting that all rules on settings would see change at once is left as it is. */
const CONSTANT = /^pg_settings_(?!max_connections)/;
const SETTING: Use = {
  numbers: new Set(),
  isCounter: false,
  drifts: false,
  asksTime: false,
  longest: Number.POSITIVE_INFINITY,
};

/** A column that stays the same, or grows the same, for some minutes, and then otherwise. */
function column(
  metric: string,
  { numbers, isCounter, drifts, asksTime, longest }: Use,
  { from, to, stepMs }: Span,
  random: () => number,
) {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const levels = [0, 1, 2, 100, ...[...numbers].flatMap((number) => [number, number * 0.5, number * 2, number * 12])];
  const values: (number | null)[] = [];
  const slopes = /_cpu_seconds_total$/.test(metric) ? SHARES : isCounter ? SLOPES : DRIFTS;
  let [left, slope, level, total] = [0, 0, 0, 0];
  for (let at = from; at < to; at += stepMs) {
    if (left <= 0) {
      const most = longest >= 60 * MINUTE_MS ? Math.min(longest / MINUTE_MS, 1e6) : 25;
      [left, slope, level] = [
        Math.ceil((3 + random() * most) * (MINUTE_MS / stepMs)),
        pick(slopes),
        pick(asksTime ? AGES : levels),
      ];
      // A counter starts anew now and then.
      if (random() < 0.1 || !isCounter) total = 0;
    }
    left -= 1;
    total += slope * (stepMs / SECOND_MS);
    const value = isCounter ? total : asksTime ? level + at / SECOND_MS : level + (drifts ? total : 0);
    const isGone = ABSENT.test(metric) && at > from + 30 * MINUTE_MS && at < from + 60 * MINUTE_MS;
    values.push(isGone || (random() < 0.01 && longest < 1e9) ? null : Number(value.toFixed(3)));
  }
  return values;
}

/** Samples of all that rules read, on some hosts, in which most of these fire now and then. The same seed gives the same. */
export function makeRuleSamples(
  rules: { expr: string; forMs: number }[],
  hosts: readonly string[],
  { seed, ...span }: Span & { seed: number },
): MadeSeries[] {
  const random = randoms(seed);
  const made: MadeSeries[] = [];
  for (const [metric, use] of usesOf(rules))
    for (const host of hosts) {
      const choices = FAMILIES.find(([pattern]) => pattern.test(metric))?.[1] ?? {};
      for (const labels of combinations(choices))
        made.push({
          ...{ host, metric, labels: { instance: `${host}:9100`, job: "node", ...labels } },
          values: column(metric, CONSTANT.test(metric) ? SETTING : use, span, random),
        });
    }
  return made;
}
