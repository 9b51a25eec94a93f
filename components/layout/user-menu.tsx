"use client";

import { CircleUser, LogOut, UserRound } from "lucide-react";
import { signOut } from "next-auth/react";
import { Link } from "#components/ui/link.tsx";
import { Menu, MenuItem, MenuNote } from "#components/ui/menu.tsx";
import type { UserInfo } from "#lib/access/users.ts";
import { ROLE_TITLES } from "#lib/contract/roles.ts";

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
      <MenuNote>
        <span className="block text-ink">{user.email}</span>
        {ROLE_TITLES[user.role]}
      </MenuNote>
      <MenuItem asChild>
        <Link href="/account">
          <UserRound aria-hidden className="size-4" /> Account
        </Link>
      </MenuItem>
      <MenuItem onSelect={() => void signOut({ callbackUrl: "/login" })}>
        <LogOut aria-hidden className="size-4" /> Sign out
      </MenuItem>
    </Menu>
  );
}
