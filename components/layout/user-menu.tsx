"use client";

import { CircleUser, LogOut, UserRound } from "lucide-react";
import { leave } from "#components/layout/sign-out.ts";
import { Link } from "#components/ui/link.tsx";
import { Menu } from "#components/ui/menu.tsx";
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
