"use client";

import { CircleUser, LogOut, UserRound } from "lucide-react";
import { Link } from "#components/ui/link.tsx";
import { LOST } from "#components/ui/lost.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { raiseError } from "#components/ui/toasts.tsx";
import type { UserInfo } from "#lib/access/users.ts";
import { ROLE_TITLES } from "#lib/contract/roles.ts";

/** Its program is of use to whoever leaves, once. */
async function leave(): Promise<void> {
  try {
    const { signOut } = await import("next-auth/react");
    await signOut({ callbackUrl: "/login" });
  } catch {
    raiseError(`You are still signed in. ${LOST}`);
  }
}

export function UserMenu({ user }: { user: UserInfo }) {
  return (
    <Menu
      label={`Account of ${user.name}`}
      trigger={
        <>
          <CircleUser aria-hidden className="size-4" />
          <span className="hidden max-w-40 truncate sm:inline">{user.name}</span>
        </>
      }
    >
      {({ MenuItem, MenuNote }) => (
        <>
          <MenuNote>
            <span className="block text-ink">{user.email}</span>
            {ROLE_TITLES[user.role]}
          </MenuNote>
          <MenuItem asChild>
            <Link href="/account">
              <UserRound aria-hidden className="size-4" /> Account
            </Link>
          </MenuItem>
          <MenuItem onSelect={() => void leave()}>
            <LogOut aria-hidden className="size-4" /> Sign out
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
