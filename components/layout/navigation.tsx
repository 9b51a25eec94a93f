"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { PAGES } from "#components/layout/pages.ts";
import { cn } from "#components/ui/cn.ts";
import { may } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";

/** A rail at the left where there is room, a bar at the bottom of a phone. */
export function Navigation({ role }: { role: Role }) {
  const path = usePathname();
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-20 flex justify-between overflow-x-auto border-line border-t bg-surface px-1 py-1 print:hidden md:static md:w-48 md:shrink-0 md:flex-col md:justify-start md:gap-1 md:border-t-0 md:border-r md:px-3 md:py-4"
    >
      {PAGES.filter((page) => may(role, page.permission)).map(({ href, title, icon: Icon }) => {
        const here = path.startsWith(href);
        return (
          <Link
            key={href}
            href={href}
            aria-current={here ? "page" : undefined}
            title={title}
            className={cn(
              "flex shrink-0 flex-col items-center gap-0.5 rounded-md px-2 py-1.5 text-2xs text-muted hover:bg-raised hover:text-ink md:flex-row md:gap-2.5 md:px-3 md:text-sm",
              here && "font-medium text-ink md:bg-accent-soft",
            )}
          >
            <Icon aria-hidden className={cn("size-4", here && "text-accent")} />
            <span className={here ? undefined : "max-sm:sr-only"}>{title}</span>
          </Link>
        );
      })}
    </nav>
  );
}
