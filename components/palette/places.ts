import { PAGES } from "#components/layout/pages.ts";
import { may, type Permission } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";

/** A page that the palette leads to, with the right that it asks for; `words` find it too. */
export type Place = { href: string; title: string; permission: Permission; words?: string };

/** Pages that are not in the navigation. */
export const FURTHER: Place[] = [
  { href: "/hosts/add", title: "Add a host", permission: "hosts:manage", words: "agent install enrol" },
  { href: "/alerts/rules", title: "Alert rules", permission: "alerts:read", words: "threshold" },
  { href: "/alerts/rules/import", title: "Import alert rules", permission: "alerts:write", words: "prometheus" },
  { href: "/alerts/silences", title: "Silences", permission: "alerts:read", words: "mute maintenance" },
  { href: "/alerts/on-call", title: "On call", permission: "alerts:read", words: "rota schedule" },
  {
    ...{ href: "/alerts/channels", title: "Notification channels", permission: "alerts:channels" },
    words: "mail slack webhook telegram",
  },
  { href: "/alerts/routing", title: "Routing of alerts", permission: "alerts:channels", words: "escalation" },
  { href: "/alerts/status-pages", title: "Status pages", permission: "alerts:channels" },
  { href: "/experiments/new", title: "New experiment", permission: "experiments:write", words: "a/b test" },
  { href: "/experiments/compare", title: "Compare before and after", permission: "metrics:read" },
  { href: "/experiments/keys", title: "Publishable keys", permission: "experiments:write", words: "sdk" },
  { href: "/reports/build", title: "Report builder", permission: "reports:write" },
  { href: "/reports/schedules", title: "Report schedules", permission: "reports:write", words: "digest mail" },
  { href: "/reports/exports", title: "Exports", permission: "metrics:export", words: "csv excel json" },
  { href: "/settings/status", title: "Status of the portal", permission: "settings:read", words: "health failures" },
  { href: "/settings/accounts", title: "Accounts", permission: "accounts:read", words: "users roles invite" },
  { href: "/settings/detection", title: "Detection settings", permission: "settings:read", words: "sensitivity" },
  { href: "/settings/storage", title: "Storage and retention", permission: "settings:read", words: "disk backup" },
  { href: "/help/reference", title: "API reference", permission: "help:read", words: "openapi rest endpoints" },
  {
    ...{ href: "/account", title: "Your account", permission: "account:manage" },
    words: "password token profile sessions",
  },
];

/** The pages that a role may see, those of the navigation first. */
export const placesOf = (role: Role): Place[] =>
  [...PAGES.map(({ href, title, permission }) => ({ href, title, permission })), ...FURTHER].filter(({ permission }) =>
    may(role, permission),
  );
