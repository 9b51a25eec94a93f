import type { ReactNode } from "react";

type Props = { label: string; className?: string; children: ReactNode };

/** What may be wider or longer than its room is scrolled, by the keyboard too. */
export function Scrolled({ label, className, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <figure aria-label={label} tabIndex={0} className={className}>
      {children}
    </figure>
  );
}
