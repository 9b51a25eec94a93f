import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { hostParam } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { ServicePage } from "#components/applications/service-page.tsx";
import { TimeProvider } from "#components/time/page-time.tsx";
import { COUNTED_KINDS } from "#lib/contract/applications.ts";
import { database } from "#lib/db/client.ts";
import { findHost } from "#lib/hosts/hosts.ts";

type Search = { host?: string; service?: string; operation?: string; kind?: string };
type Props = { searchParams: Promise<Search> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { service, operation } = await searchParams;
  return { title: [operation, service].filter(Boolean).join(" · ") || "Applications" };
}

export default async function ServiceOfAddress({ searchParams }: Props) {
  await permitPage("metrics:read");
  const search = await searchParams;
  const { service, operation } = search;
  if (typeof service !== "string" || service === "") redirect("/applications");
  const host = await orNotFound(findHost(database(), hostParam(search)));
  const kind = COUNTED_KINDS.find((each) => each === search.kind);
  return (
    <TimeProvider>
      <ServicePage
        {...{ host, service, kind }}
        operation={typeof operation === "string" && operation ? operation : undefined}
      />
    </TimeProvider>
  );
}
