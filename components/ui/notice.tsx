import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "#components/ui/cn.ts";

const VARIANTS = {
  bad: { icon: CircleAlert, classes: "bg-bad-soft text-ink", tint: "text-bad" },
  warn: { icon: TriangleAlert, classes: "bg-raised text-ink", tint: "text-warn" },
  good: { icon: CircleCheck, classes: "bg-raised text-ink", tint: "text-good" },
  plain: { icon: Info, classes: "bg-raised text-ink", tint: "text-muted" },
};

/** What went wrong, well, or is to be done; an error is read out at once. */
export function Notice({
  variant = "plain",
  title,
  children,
  className,
}: {
  variant?: keyof typeof VARIANTS;
  title?: string;
  children?: ReactNode;
  className?: string;
}) {
  const { icon: Icon, classes, tint } = VARIANTS[variant];
  return (
    <div
      role={variant === "bad" ? "alert" : "status"}
      className={cn("flex gap-3 rounded-md p-3 text-sm", classes, className)}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tint)} />
      <div className="min-w-0">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className="text-muted">{children}</div>}
      </div>
    </div>
  );
}
