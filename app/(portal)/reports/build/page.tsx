import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { Builder } from "#components/reports/builder.tsx";
import { SECTION_NAMES } from "#lib/contract/enums.ts";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { SECTIONS } from "#lib/reports/sections.ts";

export const metadata: Metadata = { title: "Report builder" };

export default async function BuildPage() {
  const { user } = await permitPage("reports:write");
  const hosts = await listHosts(database());
  const names = SECTION_NAMES.filter((name) => name !== "audit" || may(user.role, "audit:read"));
  return (
    <Builder
      sections={names.map((name) => ({ name, ...SECTIONS[name] }))}
      hosts={hosts.map(({ id, name }) => ({ id, name }))}
    />
  );
}
