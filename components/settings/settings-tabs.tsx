"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "#components/ui/cn.ts";

const TABS = [
  { href: "/settings", title: "General" },
  { href: "/settings/detection", title: "Detection" },
  { href: "/settings/storage", title: "Storage" },
];

export function SettingsTabs() {
  const path = usePathname();
  return (
    <nav aria-label="Settings" className="mb-4 flex gap-1 border-line border-b">
      {TABS.map(({ href, title }) => (
        <Link
          key={href}
          href={href}
          aria-current={path === href ? "page" : undefined}
          className={cn(
            "-mb-px border-transparent border-b-2 px-3 py-1.5 text-muted hover:text-ink",
            path === href && "border-accent font-medium text-ink",
          )}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
