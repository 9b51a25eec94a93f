import type { UserInfo } from "#lib/access/users.ts";
import { may, rolesWith } from "#lib/contract/permissions.ts";
import { DomainError } from "#lib/errors.ts";

/**
 * Refuses to change or delete what somebody else created, to all but those who manage it. What nobody owns, by now, only these may change.
 * @throws DomainError forbidden
 */
export function assertOwns(user: Pick<UserInfo, "id" | "role">, ownerId: string | null, what: string): void {
  if (ownerId === user.id || may(user.role, "reports:manage")) return;
  throw new DomainError(
    "forbidden",
    `This ${what} is another's: ask whoever created it, or one of the roles ${rolesWith("reports:manage").join(", ")}`,
  );
}
