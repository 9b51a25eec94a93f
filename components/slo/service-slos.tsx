"use client";

import { useQuery } from "@tanstack/react-query";
import { type ListedSlo, slosQuery } from "#components/slo/queries.ts";
import { SloTable } from "#components/slo/slo-table.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";

const isOf = ({ service, indicator }: ListedSlo, name: string): boolean =>
  service === name || ("service" in indicator && indicator.service === name);

/** The SLOs of a service; nothing where it has none. */
export function ServiceSlos({ service }: { service: string }) {
  const { data = [] } = useQuery(slosQuery);
  const slos = data.filter((slo) => isOf(slo, service));
  if (slos.length === 0) return null;
  return (
    <Card>
      <CardTitle>SLOs of {service}</CardTitle>
      <SloTable slos={slos} />
    </Card>
  );
}
