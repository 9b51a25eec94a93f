/** An alert that a rule would have raised, ms; `to` is null of one that would still fire. */
export type PastAlert = { hostId: number; host: string; series: string; from: number; to: number | null };
