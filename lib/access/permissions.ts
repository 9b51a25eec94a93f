import { may, type Permission, rolesWith, tokenMay } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";
import { DomainError } from "#lib/errors.ts";

/** Whether whoever calls holds a permission, by the role and, of an API token, by its scopes. */
export const holds = (
  { user, scopes }: { user: { role: Role }; scopes?: readonly string[] | undefined },
  permission: Permission,
): boolean => may(user.role, permission) && (!scopes || tokenMay(scopes, permission));

/** @throws DomainError forbidden, with the roles that may */
export function assertMay(role: Role, permission: Permission): void {
  if (may(role, permission)) return;
  if (rolesWith(permission).length === 0)
    throw new DomainError("forbidden", "Only the agent of a host may do this, by its own credential");
  throw new DomainError(
    "forbidden",
    `This needs one of the roles ${rolesWith(permission).join(", ")}; yours is ${role}`,
  );
}
