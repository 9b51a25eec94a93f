import type { ResourceKind, SignalKind } from "#lib/contract/enums.ts";
import { type Bottleneck, RESOURCE_TITLES } from "#lib/insights/bottlenecks.ts";
import type { Evidence } from "#lib/insights/evidence.ts";
import type { Figures } from "#lib/insights/figures.ts";
import type { Signal } from "#lib/insights/maintenance.ts";

/** Something worth doing: why (with what it rests on), what it should bring, how, and how to take it back. */
export type Recommendation = {
  /** Stable for the same matter, so that a decision on it holds. */
  key: string;
  title: string;
  severity: "info" | "warning" | "critical";
  why: string;
  evidence: Evidence[];
  gain: string;
  how: string[];
  undo: string;
};

type Advice = Pick<Recommendation, "title" | "gain" | "how" | "undo">;

const SIGNAL_ADVICE: Record<SignalKind, (subject: string) => Advice> = {
  disk: (mount) => ({
    title: `Free space on ${mount}`,
    gain: "Prevents a full file system, which stops databases and logs at once",
    how: [
      `See what grows: du -xh --max-depth=2 ${mount} | sort -h | tail`,
      "Rotate or compress logs, remove old packages and images, or move data",
      "Where it is Sightline's own data: lower the retention in Settings",
      "Otherwise enlarge the volume",
    ],
    undo: "Archive what you remove until the next backup has run",
  }),
  inodes: (mount) => ({
    title: `Free inodes on ${mount}`,
    gain: "Prevents errors when files are created although there is space left",
    how: [`Find folders of many small files: du --inodes -xd 3 ${mount} | sort -n | tail`, "Remove or pack them"],
    undo: "Unpack the archive",
  }),
  memory_leak: () => ({
    title: "Find the memory leak",
    gain: "Prevents the kernel from killing processes when memory runs out",
    how: [
      "Sort processes by memory twice, hours apart: ps axo rss,pid,cmd --sort -rss | head",
      "Restart the one that grew, and report it with both lists",
    ],
    undo: "Nothing to undo; a restart loses what the process held only in memory",
  }),
  temperature: (sensor) => ({
    title: `Reduce the temperature of ${sensor}`,
    gain: "Prevents throttling and damage to the hardware",
    how: ["Check fans and dust, and the temperature of the room", "Spread the load over time"],
    undo: "Nothing to undo",
  }),
  wraparound: () => ({
    title: "Freeze old rows before transaction IDs run out",
    gain: "Prevents PostgreSQL from refusing writes",
    how: [
      "See which table is oldest: SELECT relname, age(relfrozenxid) FROM pg_class WHERE relkind = 'r' ORDER BY 2 DESC LIMIT 10",
      "Close old transactions and unused replication slots",
      "VACUUM (FREEZE, VERBOSE) the oldest tables in a quiet hour",
    ],
    undo: "Freezing changes no data; stop it with pg_cancel_backend",
  }),
  certificate: (name) => ({
    title: `Renew the certificate of ${name}`,
    gain: "Prevents failed connections",
    how: ["Renew it, for example: certbot renew", "Reload the server that uses it, and check the new date here"],
    undo: "Restore the old certificate while it is valid",
  }),
};

/** Without the subject's name: a language model may be sent the reason where names must not leave the portal. */
const SIGNAL_REASONS: Record<SignalKind, string> = {
  disk: "The file system is filling up",
  inodes: "The file system is running out of inodes",
  memory_leak: "Memory usage keeps growing",
  temperature: "The temperature is too high or rising",
  wraparound: "Transaction IDs are running out",
  certificate: "The certificate expires soon",
};

function fromSignal(signal: Signal): Recommendation {
  return {
    key: `${signal.kind}:${signal.subject}`,
    severity: signal.severity,
    why: SIGNAL_REASONS[signal.kind],
    evidence: signal.evidence,
    ...SIGNAL_ADVICE[signal.kind](signal.subject),
  };
}

/** What to do about a resource that is saturated, by its kind: each has its advice. */
const BOTTLENECK_ADVICE: Record<ResourceKind, (subject: string) => Advice> = {
  cpu: () => ({
    title: "Reduce CPU load",
    gain: "Shorter queues; latency falls steeply below 80 % utilisation",
    how: [
      "See what uses it: top -o %CPU, or pidstat 5",
      "Move batch work to the night, lower its priority (nice, CPUWeight=), or give the machine more cores",
    ],
    undo: "Set the priority back: renice 0",
  }),
  memory: () => ({
    title: "Free or add memory",
    gain: "Prevents swapping; reading a page from disk is a thousand times slower than from memory",
    how: [
      "Sort processes by memory: ps axo rss,pid,cmd --sort -rss | head",
      "Lower the caches of the largest (shared_buffers, -Xmx), or add memory",
    ],
    undo: "Restore the old size",
  }),
  disk: (device) => ({
    title: device ? `Reduce the load on disk ${device}` : "Reduce the load on the disk",
    gain: "Less waiting for reads and writes",
    how: [
      "See what writes: iotop -o, or pidstat -d 5",
      "Spread backups and vacuum over time, cache more, or move hot data to a faster disk",
    ],
    undo: "Restore the old schedule",
  }),
  file_system: (mount) => SIGNAL_ADVICE.disk(mount || "/"),
  inodes: (mount) => SIGNAL_ADVICE.inodes(mount || "/"),
  database_connections: () => ({
    title: "Pool database connections",
    gain: "Prevents refused connections and saves the memory of each connection",
    how: [
      "Put a connection pooler in front of the database (pgbouncer in transaction mode), or lower the clients' pool sizes",
      "Raise max_connections only if memory allows",
    ],
    undo: "Connect the clients to the database directly again",
  }),
};

function fromBottleneck({ kind, subject, saturated, evidence }: Bottleneck): Recommendation[] {
  if (!saturated) return [];
  const advice = BOTTLENECK_ADVICE[kind](subject);
  return [
    {
      key: `bottleneck:${kind}:${subject}`,
      severity: "warning",
      why: `${RESOURCE_TITLES[kind]} is saturated`,
      evidence,
      ...advice,
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
    });
  return found;
}

const RANK = { critical: 0, warning: 1, info: 2 };

const SIGNAL_OF: Partial<Record<ResourceKind, SignalKind>> = { file_system: "disk", inodes: "inodes" };

/** A signal with a date says the same of a resource that fills, and more. */
const isSignalled = ({ kind, subject }: Bottleneck, signals: Signal[]): boolean =>
  signals.some((signal) => signal.kind === SIGNAL_OF[kind] && signal.subject === subject);

/** What is worth doing, the most urgent first. */
export function recommend(signals: Signal[], bottlenecks: Bottleneck[], figures: Figures[]): Recommendation[] {
  return [
    ...signals.map(fromSignal),
    ...bottlenecks.filter((found) => !isSignalled(found, signals)).flatMap(fromBottleneck),
    ...fromDatabase(figures),
  ].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}
