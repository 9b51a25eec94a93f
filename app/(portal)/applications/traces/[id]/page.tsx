import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { hostParam } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { TraceView } from "#components/traces/trace-view.tsx";
import { traceId } from "#lib/contract/traces.ts";
import { database } from "#lib/db/client.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readTrace } from "#lib/otlp/traces/read-traces.ts";

export const metadata: Metadata = { title: "Trace" };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ host?: string }> };

export default async function TracePage({ params, searchParams }: Props) {
  await permitPage("metrics:read");
  const db = database();
  const { success, data: id } = traceId.safeParse((await params).id);
  if (!success) notFound();
  const host = await orNotFound(findHost(db, hostParam(await searchParams)));
  const trace = await orNotFound(readTrace(db, host.id, id));
  return <TraceView trace={{ host, ...trace }} />;
}
