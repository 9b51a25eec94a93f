import type { Wire } from "#components/layout/wire.ts";
import type { IncidentInfo } from "#lib/anomalies/incidents.ts";
import type { AnomalyInfo } from "#lib/anomalies/read.ts";

export type Anomaly = Wire<AnomalyInfo>;
export type Incident = Wire<IncidentInfo>;
