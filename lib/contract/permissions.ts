import type { Role } from "#lib/contract/roles.ts";

const EVERYONE: readonly Role[] = ["admin", "operator", "engineer", "analyst", "viewer"];

/**
 * Who may do what: the one table that pages, routes and sockets ask. What is not listed is denied; `public` needs no
 * sign-in, and is only for what an outsider must reach.
 */
export const PERMISSIONS = {
  public: "anyone",
  "account:manage": EVERYONE,
  "accounts:read": ["admin"],
  "accounts:write": ["admin"],
  "help:read": EVERYONE,
  "hosts:read": EVERYONE,
  "hosts:manage": ["admin", "operator"],
  // Of no role: the agents of hosts, each for its own.
  "agents:report": [],
  "inputs:read": EVERYONE,
  "inputs:write": ["admin", "operator"],
  // Of no role: inputs, each for its own host.
  "inputs:send": [],
  "checks:read": EVERYONE,
  "checks:write": ["admin", "operator"],
  "metrics:read": EVERYONE,
  "metrics:export": EVERYONE,
  "mcp:use": EVERYONE,
  "processes:commands": ["admin", "operator", "engineer"],
  "audit:read": ["admin"],
  "reports:read": EVERYONE,
  "reports:write": ["admin", "operator", "engineer", "analyst"],
  "reports:manage": ["admin", "operator"],
  "anomalies:read": EVERYONE,
  "anomalies:decide": ["admin", "operator", "engineer"],
  "alerts:read": EVERYONE,
  "alerts:acknowledge": ["admin", "operator", "engineer"],
  "alerts:silence": ["admin", "operator", "engineer"],
  "alerts:write": ["admin", "operator", "engineer"],
  "slos:read": EVERYONE,
  "slos:write": ["admin", "operator", "engineer"],
  "alerts:channels": ["admin", "operator"],
  "databases:read": EVERYONE,
  "databases:explain": ["admin", "operator", "engineer"],
  "databases:manage": ["admin", "operator"],
  "insights:read": EVERYONE,
  "insights:decide": ["admin", "operator", "engineer"],
  "annotations:write": ["admin", "operator", "engineer"],
  "annotations:hooks": ["admin", "operator"],
  "detection:read": ["admin", "operator", "engineer"],
  "detection:write": ["admin", "operator"],
  "experiments:read": EVERYONE,
  "experiments:write": ["admin", "operator", "engineer", "analyst"],
  "experiments:ingest": ["admin", "operator", "engineer", "analyst"],
  "settings:read": ["admin", "operator"],
  "settings:write": ["admin"],
} as const satisfies Record<string, "anyone" | readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/** Whether a role holds a permission; nobody signed in (undefined) holds only what is public. */
export function may(role: Role | undefined, permission: Permission): boolean {
  const allowed: "anyone" | readonly Role[] = PERMISSIONS[permission];
  if (allowed === "anyone") return true;
  return role !== undefined && allowed.includes(role);
}

/** The roles that hold a permission, for a message that says whom to ask. */
export function rolesWith(permission: Permission): readonly Role[] {
  const allowed: "anyone" | readonly Role[] = PERMISSIONS[permission];
  return allowed === "anyone" ? EVERYONE : allowed;
}

/** What no API token may, whoever's it is: a token that leaks must not make itself another, or outlive its owner's. */
const NOT_BY_TOKEN: readonly Permission[] = [
  "public",
  "account:manage",
  "accounts:read",
  "accounts:write",
  "agents:report",
  "inputs:send",
];

/** What an API token may be made for. */
export const TOKEN_SCOPES = (Object.keys(PERMISSIONS) as Permission[]).filter((name) => !NOT_BY_TOKEN.includes(name));

/** Whether an API token with some scopes holds a permission. One of before scopes (none) holds all that a token may. */
export const tokenMay = (scopes: readonly string[], permission: Permission): boolean =>
  TOKEN_SCOPES.includes(permission) && (scopes.length === 0 || scopes.includes(permission));
