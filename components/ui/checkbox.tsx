import { type ComponentProps, useId } from "react";
import { keepEntered } from "#components/ui/entered.ts";

type Props = Omit<ComponentProps<"input">, "id" | "type"> & { label: string; hint?: string };

export function Checkbox({ label, hint, ref, ...input }: Props) {
  const id = useId();
  return (
    <div className="flex gap-2.5">
      <input
        id={id}
        type="checkbox"
        aria-describedby={hint ? `${id}-note` : undefined}
        className="mt-0.5 size-4 shrink-0 accent-(--accent)"
        {...input}
        ref={keepEntered(ref)}
      />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <label htmlFor={id} className="font-medium text-xs">
          {label}
        </label>
        {hint && (
          <p id={`${id}-note`} className="text-muted text-xs">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
