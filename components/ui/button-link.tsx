import type { ReactNode } from "react";
import { BUTTON_LOOK, type ButtonVariant } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Link } from "#components/ui/link.tsx";

/** A way to another page that looks like a button. */
export function ButtonLink({
  href,
  variant = "plain",
  children,
}: {
  href: string;
  variant?: ButtonVariant;
  children: ReactNode;
}) {
  return (
    <Link href={href} className={cn(BUTTON_LOOK.base, BUTTON_LOOK[variant])}>
      {children}
    </Link>
  );
}
