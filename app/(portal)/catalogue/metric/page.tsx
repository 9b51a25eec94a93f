import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { permitPage } from "#app/_access/page.ts";
import { MetricPage } from "#components/catalogue/metric-page.tsx";
import { TimeProvider } from "#components/time/page-time.tsx";
import { METRIC_KINDS } from "#lib/contract/enums.ts";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "Metric" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function CatalogueMetricPage({ searchParams }: Props) {
  const { user } = await permitPage("metrics:read");
  const { name, kind: written } = await searchParams;
  const kind = METRIC_KINDS.find((each) => each === written);
  if (typeof name !== "string" || name === "" || !kind) notFound();
  return (
    <TimeProvider>
      <MetricPage name={name} kind={kind} mayAlert={may(user.role, "alerts:write")} />
    </TimeProvider>
  );
}
