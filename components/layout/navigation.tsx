"use client";

import { useQuery } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { usePathname } from "next/navigation";
import { firingQuery } from "#components/alerts/queries.ts";
import { PAGES } from "#components/layout/pages.ts";
import { cn } from "#components/ui/cn.ts";
import { Link } from "#components/ui/link.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { may } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";

/** So many pages have room beside "More" at the bottom of a phone. */
const ON_PHONE = 4;

type Page = (typeof PAGES)[number];

/** How many alerts fire; the bell says so to whoever does not see it. */
function FiringCount() {
  const count = useQuery(firingQuery).data?.length ?? 0;
  if (count === 0) return null;
  return (
    <span
      aria-hidden
      className="figures min-w-4 rounded-full bg-bad px-1 text-center text-2xs text-surface max-md:absolute max-md:top-0.5 max-md:left-[calc(50%+0.375rem)] md:ml-auto"
    >
      {count > 99 ? "99+" : count}
    </span>
  );
}

function PageLink({ page: { href, title, icon: Icon }, here, phone }: { page: Page; here: boolean; phone: boolean }) {
  return (
    <Link
      href={href}
      aria-current={here ? "page" : undefined}
      title={title}
      className={cn(
        "relative flex flex-1 flex-col items-center gap-0.5 rounded-md px-1 py-1.5 text-2xs text-muted hover:bg-raised hover:text-ink md:flex-none md:flex-row md:gap-2.5 md:px-3 md:text-sm",
        here && "font-medium text-ink md:bg-accent-soft",
        !phone && "max-md:hidden",
      )}
    >
      <Icon aria-hidden className={cn("size-4", here && "text-accent")} />
      {title}
      {href === "/alerts" && <FiringCount />}
    </Link>
  );
}

/** The other pages of a phone. */
function More({ pages, current }: { pages: Page[]; current: Page | undefined }) {
  return (
    <div className="flex flex-1 justify-center md:hidden">
      <Menu
        label={current ? `More pages, now ${current.title}` : "More pages"}
        className="h-auto flex-1 flex-col justify-center gap-0.5 px-1 py-1.5 text-2xs"
        trigger={
          <>
            <Ellipsis aria-hidden className={cn("size-4", current && "text-accent")} />
            <span className={current && "font-medium text-ink"}>{current?.title ?? "More"}</span>
          </>
        }
      >
        {({ MenuItem }) =>
          pages.map(({ href, title, icon: Icon }) => (
            <MenuItem key={href} asChild>
              <Link href={href} aria-current={href === current?.href ? "page" : undefined} className="min-h-10">
                <Icon aria-hidden className="size-4" /> {title}
              </Link>
            </MenuItem>
          ))
        }
      </Menu>
    </div>
  );
}

/** A rail at the left where there is room, a bar at the bottom of a phone. */
export function Navigation({ role }: { role: Role }) {
  const path = usePathname();
  const pages = PAGES.filter(({ permission }) => may(role, permission));
  const here = pages.find(({ href }) => path.startsWith(href));
  const onPhone = pages.length > ON_PHONE + 1 ? ON_PHONE : pages.length;
  const others = pages.slice(onPhone);
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-20 flex border-line border-t bg-surface px-1 py-1 print:hidden md:static md:w-48 md:shrink-0 md:flex-col md:gap-1 md:border-t-0 md:border-r md:px-3 md:py-4"
    >
      {pages.map((page, n) => (
        <PageLink key={page.href} page={page} here={page === here} phone={n < onPhone} />
      ))}
      {others.length > 0 && <More pages={others} current={others.find((page) => page === here)} />}
    </nav>
  );
}
