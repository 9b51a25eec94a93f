import type { ButtonHTMLAttributes } from "react";
import { cn } from "#components/ui/cn.ts";

/** The classes of a button: what all have, and those of each variant. */
export const BUTTON_LOOK = {
  base: "inline-flex h-9 cursor-pointer items-center justify-center gap-2 rounded-md px-3 font-medium text-sm transition disabled:cursor-not-allowed disabled:opacity-60",
  primary: "bg-accent text-accent-ink hover:brightness-110",
  plain: "border border-line bg-surface text-ink hover:bg-raised",
  quiet: "text-muted hover:bg-raised hover:text-ink",
  danger: "border border-line bg-surface text-bad hover:bg-bad-soft",
};

export type ButtonVariant = Exclude<keyof typeof BUTTON_LOOK, "base">;
type Props = ButtonHTMLAttributes<HTMLButtonElement> & { variant?: ButtonVariant };

export function Button({ variant = "plain", className, type = "button", ...rest }: Props) {
  return <button type={type} className={cn(BUTTON_LOOK.base, BUTTON_LOOK[variant], className)} {...rest} />;
}
