import type { ReactNode } from "react";
import { cn } from "#components/ui/cn.ts";
import { Link } from "#components/ui/link.tsx";

const LOOKS = { plain: "break-words text-accent hover:underline", quiet: "break-words hover:underline" };

type Props = { page: string; look?: keyof typeof LOOKS; className?: string; title?: string; children: ReactNode };

/** What leads to a page of ours, to an address elsewhere, or nowhere; `quiet` where most of a list leads somewhere. */
export function PlaceLink({ page, look = "plain", className, title, children }: Props) {
  const shown = { className: cn(LOOKS[look], className), title };
  if (page === "") return <>{children}</>;
  if (page.startsWith("/"))
    return (
      <Link href={page} {...shown}>
        {children}
      </Link>
    );
  return (
    <a href={page} rel="noreferrer" target="_blank" {...shown}>
      {children}
    </a>
  );
}
