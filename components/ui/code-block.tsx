import { cn } from "#components/ui/cn.ts";
import { Scrolled } from "#components/ui/scrolled.tsx";

type Props = { label: string; text: string; className?: string };

/** Text of a program as it is written. */
export function CodeBlock({ label, text, className }: Props) {
  return (
    <Scrolled label={label} className={cn("overflow-auto rounded-md bg-raised p-3", className)}>
      <pre className="font-mono text-xs leading-5">{text}</pre>
    </Scrolled>
  );
}
