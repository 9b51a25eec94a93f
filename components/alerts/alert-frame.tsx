import type { ReactNode } from "react";
import { PageTitle } from "#components/ui/card.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { may } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";

const TABS = [
  { href: "/alerts", title: "Alerts" },
  { href: "/alerts/rules", title: "Rules" },
  { href: "/alerts/silences", title: "Silences" },
  { href: "/alerts/on-call", title: "On call" },
];
const CHANNELS = [
  { href: "/alerts/channels", title: "Channels" },
  { href: "/alerts/routing", title: "Routing" },
  { href: "/alerts/status-pages", title: "Status pages" },
];

/** The pages of alerts. */
export function AlertFrame({ role, children }: { role: Role; children: ReactNode }) {
  return (
    <>
      <PageTitle note="What is wrong by the rules, who works on it, and what was wrong before">Alerts</PageTitle>
      <Tabs label="Alerts" tabs={may(role, "alerts:channels") ? [...TABS, ...CHANNELS] : TABS} />
      <div className="grid max-w-5xl gap-3">{children}</div>
    </>
  );
}
