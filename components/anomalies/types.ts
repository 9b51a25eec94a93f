import type { Wire } from "#components/layout/wire.ts";
import type { AnomalyInfo } from "#lib/query/anomalies.ts";
import type { IncidentInfo } from "#lib/query/incidents.ts";

export type Anomaly = Wire<AnomalyInfo>;
export type Incident = Wire<IncidentInfo>;
