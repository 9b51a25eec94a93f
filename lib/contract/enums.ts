/** How grave something is, from the least. */
export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a series did; `threshold` is what is raised by a static threshold, the others by what was learned. */
export const ANOMALY_TYPES = ["spike", "shift", "seasonal", "erratic", "flat", "threshold"] as const;
export type AnomalyType = (typeof ANOMALY_TYPES)[number];

/** What raised an anomaly: a static threshold, or the detector that learned what is usual. */
export const ANOMALY_SOURCES = ["threshold", "learned"] as const;
export type AnomalySource = (typeof ANOMALY_SOURCES)[number];

export const DIRECTIONS = ["up", "down"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What a user has done about an anomaly, from the most open: an incident has the first that one of its anomalies has. */
export const ANOMALY_STATUSES = ["open", "acknowledged", "resolved", "false_alarm"] as const;
export type AnomalyStatus = (typeof ANOMALY_STATUSES)[number];

export const RECOMMENDATION_STATUSES = ["open", "dismissed", "snoozed", "done"] as const;
export type RecommendationStatus = (typeof RECOMMENDATION_STATUSES)[number];

export const ANNOTATION_KINDS = ["deploy", "change", "incident", "note"] as const;
export type AnnotationKind = (typeof ANNOTATION_KINDS)[number];
