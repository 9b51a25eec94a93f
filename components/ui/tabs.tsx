"use client";

import { usePathname } from "next/navigation";
import { cn } from "#components/ui/cn.ts";
import { Link } from "#components/ui/link.tsx";

const pathOf = (href: string): string => href.split("?", 1)[0] ?? href;

/** Pages of one family. What their addresses say behind a question mark makes them no other pages. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly { href: string; title: string }[] }) {
  const path = usePathname();
  return (
    <nav aria-label={label} className="mb-4 flex gap-1 overflow-x-auto border-line border-b print:hidden">
      {tabs.map(({ href, title }) => (
        <Link
          key={href}
          href={href}
          aria-current={path === pathOf(href) ? "page" : undefined}
          className={cn(
            "whitespace-nowrap border-transparent border-b-2 px-3 py-1.5 text-muted hover:text-ink",
            path === pathOf(href) && "border-accent font-medium text-ink",
          )}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
