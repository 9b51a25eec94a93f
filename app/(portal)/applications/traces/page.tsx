import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { hostParam } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { TimeProvider } from "#components/time/page-time.tsx";
import { TraceSearch } from "#components/traces/trace-search.tsx";
import { database } from "#lib/db/client.ts";
import { findHost } from "#lib/hosts/hosts.ts";

export const metadata: Metadata = { title: "Traces" };

export default async function TracesPage({ searchParams }: { searchParams: Promise<{ host?: string }> }) {
  await permitPage("metrics:read");
  const wanted = hostParam(await searchParams);
  if (wanted === undefined) redirect("/applications");
  return (
    <TimeProvider usualFrom="now-24h">
      <TraceSearch host={await orNotFound(findHost(database(), wanted))} />
    </TimeProvider>
  );
}
