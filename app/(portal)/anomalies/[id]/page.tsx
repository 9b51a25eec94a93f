import type { Metadata } from "next";
import { found, onWire } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { AnomalyDetail } from "#components/anomalies/anomaly-detail.tsx";
import { readAnomaly } from "#lib/anomalies/list-anomalies.ts";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { isCumulative, metricInfo } from "#lib/metrics/catalogue.ts";

export const metadata: Metadata = { title: "Anomaly" };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ host?: string }> };

export default async function AnomalyPage({ params, searchParams }: Props) {
  const { user } = await permitPage("anomalies:read");
  const [id, host] = [Number((await params).id) || 0, Number((await searchParams).host) || 1];
  const anomaly = await found(readAnomaly(database(), host, id));
  const { unit, kind } = metricInfo(anomaly.metric);
  return (
    <AnomalyDetail
      anomaly={onWire(anomaly)}
      unit={unit}
      rate={isCumulative(kind)}
      decides={may(user.role, "anomalies:decide")}
    />
  );
}
