import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { openapiDocument } from "#app/api/_serve/openapi.ts";
import { operationsOf } from "#components/help/operations.ts";
import { Reference } from "#components/help/reference.tsx";
import { VERSION } from "#lib/config/version.ts";
import { API_ROOT } from "#lib/contract/roots.ts";

export const metadata: Metadata = { title: "API reference" };

export default async function ReferencePage() {
  await permitPage("help:read");
  return <Reference operations={operationsOf(openapiDocument(VERSION))} root={API_ROOT} />;
}
