import type { Wire } from "#components/layout/wire.ts";
import type { AnomalyInfo } from "#lib/anomalies/list-anomalies.ts";
import type { IncidentInfo } from "#lib/anomalies/list-incidents.ts";

export type Anomaly = Wire<AnomalyInfo>;
export type Incident = Wire<IncidentInfo>;
