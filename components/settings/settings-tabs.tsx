import { Tabs } from "#components/ui/tabs.tsx";
import { may, type Permission } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";

const TABS: { href: string; title: string; permission: Permission }[] = [
  { href: "/settings", title: "General", permission: "settings:read" },
  { href: "/settings/status", title: "Status", permission: "settings:read" },
  { href: "/settings/accounts", title: "Accounts", permission: "accounts:read" },
  { href: "/settings/detection", title: "Detection", permission: "settings:read" },
  { href: "/settings/storage", title: "Storage", permission: "settings:read" },
];

export const SettingsTabs = ({ role }: { role: Role }) => (
  <Tabs label="Settings" tabs={TABS.filter(({ permission }) => may(role, permission))} />
);
