/** How grave something is, from the least. */
export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a series did; `threshold` is what a static threshold raised before alert rules did, `no_data` a host that sends nothing, the others what was learned. */
export const ANOMALY_TYPES = ["spike", "shift", "seasonal", "erratic", "flat", "threshold", "no_data"] as const;
export type AnomalyType = (typeof ANOMALY_TYPES)[number];

/** What raised an anomaly: a static threshold (before alert rules did), the detector that learned what is usual, or that nothing came any more. */
export type AnomalySource = "threshold" | "learned" | "no_data";

export const DIRECTIONS = ["up", "down"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What a user has done about an anomaly, from the most open: an incident has the first that one of its anomalies has. */
export const ANOMALY_STATUSES = ["open", "acknowledged", "resolved", "false_alarm"] as const;
export type AnomalyStatus = (typeof ANOMALY_STATUSES)[number];

/** What is done in the background without being asked for, as the log and the status page name it. */
export const TASK_NAMES = [
  "detection",
  "alerts",
  "expressions",
  "slos",
  "experiments",
  "compaction",
  "retention",
  "housekeeping",
  "upcoming",
  "export sweep",
  "replies",
] as const;
export type TaskName = (typeof TASK_NAMES)[number];

/** The queues of jobs. */
export const QUEUE_NAMES = ["export", "report schedule", "mail", "notice", "webhook", "alert"] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/** States of an alert; `resolved` is one that is over. */
export const ALERT_STATES = ["pending", "firing", "no_data", "error", "resolved"] as const;
export type AlertStatus = (typeof ALERT_STATES)[number];

/** What somebody did about an alert. */
export const ALERT_EVENT_KINDS = ["acknowledged", "unacknowledged", "snoozed", "assigned", "commented"] as const;
export type AlertEventKind = (typeof ALERT_EVENT_KINDS)[number];

/** What stands in the order of time on an incident's page. */
export const TIMELINE_KINDS = ["first_mover", "follower", "calm", "alert", "annotation", "act", "comment"] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** How sure a cause is, the surest first. */
export const CERTAINTIES = ["likely", "possible", "weak"] as const;
export type Certainty = (typeof CERTAINTIES)[number];

/** What may have caused an incident; of those that are as sure the first stands first. */
export const CAUSE_KINDS = ["no_data", "change", "process", "statement", "shared", "resource"] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

/** As what a post-mortem is exported. */
export const POST_MORTEM_FORMATS = ["markdown", "html", "pdf"] as const;
export type PostMortemFormat = (typeof POST_MORTEM_FORMATS)[number];

/** What holds while a rule has nothing to judge: a state of its own, what held before, that it fires, or that all is well. */
export const ALERT_FALLBACKS = ["state", "keep", "firing", "ok"] as const;
export type AlertFallback = (typeof ALERT_FALLBACKS)[number];

export const RULE_OPERATORS = [">", ">=", "<", "<="] as const;
export type RuleOperator = (typeof RULE_OPERATORS)[number];

/** How the samples of a rule's window become one value. */
export const RULE_AGGREGATES = ["avg", "min", "max", "last"] as const;
export type RuleAggregate = (typeof RULE_AGGREGATES)[number];

/** Where notifications of alerts go. */
export const CHANNEL_KINDS = [
  "email",
  "webhook",
  "slack",
  "discord",
  "teams",
  "ntfy",
  "pagerduty",
  "gotify",
  "telegram",
  "opsgenie",
  "template",
  "on_call",
  "push",
] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** How an effect is said: as a share of the control, as percentage points, or in the metric's own unit. */
export const EFFECT_SCALES = ["relative", "points", "absolute"] as const;
export type EffectScale = (typeof EFFECT_SCALES)[number];

export const RECOMMENDATION_STATUSES = ["open", "dismissed", "snoozed", "done"] as const;
export type RecommendationStatus = (typeof RECOMMENDATION_STATUSES)[number];

export const ANNOTATION_KINDS = ["deploy", "change", "incident", "note"] as const;
export type AnnotationKind = (typeof ANNOTATION_KINDS)[number];

/** How the samples of a step become one value. */
export const AGGREGATES = [
  "avg",
  "min",
  "max",
  "sum",
  "last",
  "count",
  "rate",
  "increase",
  "p50",
  "p90",
  "p95",
  "p99",
] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** How the values of several series become one. */
export const COMBINES = ["sum", "avg", "min", "max"] as const;
export type Combine = (typeof COMBINES)[number];

/** What a series' numbers are; all but a gauge grow and are shown as rates per second. */
export const METRIC_KINDS = ["gauge", "counter", "histogram"] as const;
export type MetricKind = (typeof METRIC_KINDS)[number];

/** What measures a metric: Sightline's collectors, checks and database sampler, an input by its kind, Sightline itself, or a program by the API. */
export const METRIC_SOURCES = [
  "collector",
  "database",
  "check",
  "remote_write",
  "scrape",
  "otlp",
  "sightline",
  "other",
] as const;
export type MetricSource = (typeof METRIC_SOURCES)[number];

/** What the catalogue of metrics is sorted by. */
export const METRIC_SORTS = ["name", "series", "hosts"] as const;
export type MetricSort = (typeof METRIC_SORTS)[number];

/** How finely chunks keep a series, finest first. */
export const RESOLUTION_NAMES = ["raw", "minute", "hour"] as const;
export type Resolution = (typeof RESOLUTION_NAMES)[number];

/** At most so many points a series, and series a query. */
export const MAX_POINTS = 11_000;
export const MAX_SERIES = 200;

export const EXPORT_FORMATS = ["json", "ndjson", "csv", "xlsx", "parquet"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** States of an export in the background. */
export const EXPORT_STATUSES = ["queued", "running", "done", "failed", "cancelled", "expired"] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

/** `custom` is a report of a template, or of named sections; the others are built in. */
export const REPORT_TYPES = [
  "custom",
  "executive",
  "performance",
  "capacity",
  "availability",
  "anomaly",
  "experiment",
  "database",
  "audit",
  "full",
] as const;
export type ReportType = (typeof REPORT_TYPES)[number];

export const SECTION_NAMES = [
  "hosts",
  "availability",
  "performance",
  "database",
  "capacity",
  "anomalies",
  "alerts",
  "experiments",
  "audit",
] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

/** What a verdict advises. */
export const VERDICT_DECISIONS = ["ship", "roll_back", "keep_running", "inconclusive"] as const;
export type VerdictDecision = (typeof VERDICT_DECISIONS)[number];

/** What a signal of maintenance is about. */
export const SIGNAL_KINDS = ["disk", "inodes", "memory_leak", "temperature", "wraparound", "certificate"] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

/** The models that forecasts are made by. */
export const FORECAST_MODELS = ["seasonal naive", "exponential smoothing", "theta", "profile", "combined"] as const;
export type ForecastModel = (typeof FORECAST_MODELS)[number];

/** The resources of a host that can be short. */
export const RESOURCE_KINDS = ["cpu", "memory", "disk", "file_system", "inodes", "database_connections"] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** How agents and the portal speak with each other: raised when those of before cannot be understood any more. */
export const AGENT_PROTOCOL = 1;

/** An agent sends at most so many frames at once. */
export const MAX_FRAMES = 2_000;

/** The kinds of checks. */
export const CHECK_KINDS = ["http", "tcp", "dns", "ping"] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

/** The DNS records that a check can ask for. */
export const RECORD_TYPES = ["A", "AAAA", "CNAME", "MX", "NS", "TXT"] as const;
/** What a watched database server is. */
export const DATABASE_KINDS = ["postgres", "pgbouncer"] as const;

/** How the connection to a database server is encrypted. */
export const TLS_MODES = ["off", "required", "verified"] as const;

/** How a database server is: as grave as its findings, `down` while it does not answer. */
export const SERVER_STATES = ["ok", "info", "warning", "critical", "down", "unknown"] as const;
export type ServerState = (typeof SERVER_STATES)[number];

/** What statements are listed by. */
export const DATABASE_SORTS = ["total", "mean", "calls", "rows", "io", "temp"] as const;
export type DatabaseSort = (typeof DATABASE_SORTS)[number];

/** What active sessions are grouped by. */
export const SESSION_GROUPS = ["wait", "query", "user", "database"] as const;
export type SessionGroup = (typeof SESSION_GROUPS)[number];

/** How a service level objective fares, worst first. */
export const SLO_STATES = ["exceeded", "burning", "ok", "no_data"] as const;
export type SloState = (typeof SLO_STATES)[number];

export const TRACE_ORDERS = ["slowest", "newest"] as const;

/** The bounds of the histogram of durations, seconds: a request is within one of them or not. */
export const LATENCY_BOUNDS = [
  ...["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10"],
] as const;

/** Rolling windows, days. */
export const SLO_WINDOWS = [7, 28, 30, 90] as const;
