import type { Wire } from "#components/layout/wire.ts";
import type { Insights } from "#lib/insights/insights.ts";

export type InsightsNow = Wire<Insights>;
export type RecommendationNow = InsightsNow["recommendations"][number];
