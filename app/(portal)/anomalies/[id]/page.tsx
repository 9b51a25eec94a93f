import type { Metadata } from "next";
import { hostParam, idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { AnomalyDetail } from "#components/anomalies/anomaly-detail.tsx";
import { readAnomaly } from "#lib/anomalies/list-anomalies.ts";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { isCumulative } from "#lib/metrics/catalogue.ts";
import { listSeries } from "#lib/tsdb/catalog.ts";

export const metadata: Metadata = { title: "Anomaly" };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ host?: string }> };

export default async function AnomalyPage({ params, searchParams }: Props) {
  const { user } = await permitPage("anomalies:read");
  const db = database();
  const id = idParam((await params).id) ?? NO_ID;
  const { id: hostId } = await orNotFound(findHost(db, hostParam(await searchParams)));
  const anomaly = await orNotFound(readAnomaly(db, hostId, id));
  const [series] = await listSeries(db, hostId, [{ id: anomaly.seriesId }]);
  return (
    <AnomalyDetail
      anomaly={anomaly}
      unit={series?.unit ?? "count"}
      rate={isCumulative(series?.kind ?? "gauge")}
      mayDecide={may(user.role, "anomalies:decide")}
    />
  );
}
