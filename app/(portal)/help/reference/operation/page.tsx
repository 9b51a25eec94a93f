import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { permitPage } from "#app/_access/page.ts";
import { openapiDocument } from "#app/api/_serve/openapi.ts";
import { OperationPage } from "#components/help/operation-page.tsx";
import { operationAt } from "#components/help/operations.ts";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { VERSION } from "#lib/config/version.ts";
import { API_ROOT } from "#lib/contract/roots.ts";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export const metadata: Metadata = { title: "API operation" };

export default async function Page({ searchParams }: Props) {
  await permitPage("help:read");
  const { method, path } = await searchParams;
  if (typeof method !== "string" || typeof path !== "string") notFound();
  const operation = operationAt(openapiDocument(VERSION), method, path);
  if (!operation) notFound();
  return <OperationPage {...{ method, path, operation }} root={`${portalUrl(readEnvironment())}${API_ROOT}`} />;
}
