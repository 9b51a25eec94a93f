import type { ResourceKind, SignalKind } from "#lib/contract/enums.ts";
import { durationText } from "#lib/format/duration.ts";
import { type Advice, BOTTLENECK_ADVICE, SIGNAL_ADVICE, SLOW_DATABASE } from "#lib/insights/advice.ts";
import { type Bottleneck, RESOURCE_TITLES, resourceOf } from "#lib/insights/bottlenecks.ts";
import type { Evidence } from "#lib/insights/evidence.ts";
import type { Figures } from "#lib/insights/figures.ts";
import type { Signal } from "#lib/insights/maintenance.ts";
import type { Ongoing } from "#lib/insights/ongoing.ts";
import { metricTitle } from "#lib/metrics/titles.ts";

/** Something worth doing: why (with what it rests on), what it should bring, how, and how to take it back. */
export type Recommendation = {
  /** Stable for the same matter, so that a decision on it holds. */
  key: string;
  severity: "info" | "warning" | "critical";
  why: string;
  evidence: Evidence[];
  /** Of what is wrong at this moment. */
  now: boolean;
} & Advice;

/** Without the subject's name: a language model may be sent the reason where names must not leave the portal. */
const SIGNAL_REASONS: Record<SignalKind, string> = {
  disk: "The file system is filling up",
  inodes: "The file system is running out of inodes",
  memory_leak: "Memory usage keeps growing",
  temperature: "The temperature is too high or rising",
  wraparound: "Transaction IDs are running out",
  certificate: "The certificate expires soon",
};

const signalKey = ({ kind, subject }: Signal) => `${kind}:${subject}`;

function fromSignal(signal: Signal): Recommendation {
  return {
    key: signalKey(signal),
    severity: signal.severity,
    why: SIGNAL_REASONS[signal.kind],
    evidence: signal.evidence,
    now: false,
    ...SIGNAL_ADVICE[signal.kind](signal.subject),
  };
}

const bottleneckKey = ({ kind, subject }: Pick<Bottleneck, "kind" | "subject">) => `bottleneck:${kind}:${subject}`;

function fromBottleneck({ kind, subject, saturated, now, evidence }: Bottleneck): Recommendation[] {
  if (!saturated) return [];
  return [
    {
      key: bottleneckKey({ kind, subject }),
      severity: "warning",
      why: `${RESOURCE_TITLES[kind]} is saturated`,
      ...{ evidence, now },
      ...BOTTLENECK_ADVICE[kind](subject),
    },
  ];
}

/** What to do about an anomaly that goes on; nothing where nothing general can be said of its metric. */
function fromOngoing({ seriesId, severity }: Ongoing, minutes: Figures[], signals: Signal[]): Recommendation[] {
  const own = minutes.find(({ id }) => id === seriesId);
  const resource = own && resourceOf(own.metric, own.labels);
  if (!own || !(resource || own.metric === "postgres.response")) return [];
  const signal = resource && signals.find((candidate) => saysOf(candidate, resource));
  return [
    {
      key: signal ? signalKey(signal) : resource ? bottleneckKey(resource) : "database:response",
      severity,
      why: `${metricTitle(own.metric)} is over its threshold or unusual`,
      evidence: [evidenceOf(`Mean of the past ${durationText(own.coveredMs)}`, own), ...(signal?.evidence ?? [])],
      now: true,
      ...(resource ? BOTTLENECK_ADVICE[resource.kind](resource.subject) : SLOW_DATABASE),
    },
  ];
}

const rateOf = (figures: Figures[], metric: string) => figures.find((candidate) => candidate.metric === metric);

const evidenceOf = (label: string, { id, name, unit, rate, mean }: Figures): Evidence => ({
  label,
  value: mean,
  unit,
  rate,
  series: name,
  seriesId: id,
});

/** The metrics that database advice rests on. */
export const DATABASE_METRICS = [
  "postgres.blocks.hit",
  "postgres.blocks.read",
  "postgres.rollbacks",
  "postgres.commits",
];

const GOOD_HIT_RATIO = 0.99;
const MANY_READS = 50;
const MANY_ROLLBACKS = 0.1;

function fromDatabase(figures: Figures[]): Recommendation[] {
  const [hit, read] = [rateOf(figures, "postgres.blocks.hit"), rateOf(figures, "postgres.blocks.read")];
  const [rollbacks, commits] = [rateOf(figures, "postgres.rollbacks"), rateOf(figures, "postgres.commits")];
  const found: Recommendation[] = [];
  if (hit && read && read.mean > MANY_READS && hit.mean / (hit.mean + read.mean) < GOOD_HIT_RATIO)
    found.push({
      key: "database:cache",
      title: "Give PostgreSQL a larger cache",
      severity: "info",
      why: "Many blocks are read from disk that a larger cache would hold",
      evidence: [evidenceOf("Blocks read", read), evidenceOf("Blocks found in the cache", hit)],
      gain: "Fewer reads; queries over data that fits are several times faster",
      how: ["Set shared_buffers to a quarter of memory", "Restart PostgreSQL", "Check the cache hit ratio a day later"],
      undo: "ALTER SYSTEM RESET shared_buffers, and restart",
      now: false,
    });
  if (rollbacks && commits && rollbacks.mean > 0.1 && rollbacks.mean / (rollbacks.mean + commits.mean) > MANY_ROLLBACKS)
    found.push({
      key: "database:rollbacks",
      title: "Find out why transactions are rolled back",
      severity: "warning",
      why: "More than 10 % of transactions are rolled back",
      evidence: [evidenceOf("Rollbacks", rollbacks), evidenceOf("Commits", commits)],
      gain: "Saves the cost of transactions that are rolled back",
      how: [
        "Set log_min_error_statement = error",
        "Group the log's errors by message; conflicts and time-outs come first",
      ],
      undo: "Restore the setting; logging changes no data",
      now: false,
    });
  return found;
}

const RANK = { critical: 0, warning: 1, info: 2 };

const SIGNAL_OF: Partial<Record<ResourceKind, SignalKind>> = { file_system: "disk", inodes: "inodes" };

/** A signal with a date says the same of a resource that fills, and more. */
const saysOf = (signal: Signal, { kind, subject }: Pick<Bottleneck, "kind" | "subject">): boolean =>
  signal.kind === SIGNAL_OF[kind] && signal.subject === subject;

/** What is known of a host: what goes on, what will need work, what is used how much; figures of the past day and of the past minutes. */
export type Findings = {
  ongoing: Ongoing[];
  signals: Signal[];
  bottlenecks: Bottleneck[];
  day: Figures[];
  minutes: Figures[];
};

/** What is worth doing: first what is wrong now, the most urgent of each first. Each matter once. */
export function recommend({ ongoing, signals, bottlenecks, day, minutes }: Findings): Recommendation[] {
  const all = [
    ...ongoing.flatMap((anomaly) => fromOngoing(anomaly, minutes, signals)),
    ...signals.map(fromSignal),
    ...bottlenecks.filter((found) => !signals.some((signal) => saysOf(signal, found))).flatMap(fromBottleneck),
    ...fromDatabase(day),
  ];
  const first = all.filter(({ key }, n) => all.findIndex((other) => other.key === key) === n);
  return first.sort((a, b) => Number(b.now) - Number(a.now) || RANK[a.severity] - RANK[b.severity]);
}
