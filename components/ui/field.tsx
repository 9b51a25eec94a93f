import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "#components/ui/cn.ts";
import { keepEntered } from "#components/ui/entered.ts";

type Props = Omit<ComponentProps<"input">, "id"> & {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  unit?: string;
};

/** A labelled input with its hint, or what is wrong with it, told to screen readers too. */
export function Field({ label, hint, error, unit, className, ref, ...input }: Props) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block font-medium text-xs">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
          className={cn(
            "figures h-9 w-full rounded-md border border-line bg-canvas px-3 text-sm placeholder:text-muted disabled:opacity-60",
            unit && "pr-12",
            error && "border-bad",
          )}
          {...input}
          ref={keepEntered(ref)}
        />
        {unit && (
          <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-muted text-xs">
            {unit}
          </span>
        )}
      </div>
      {note && (
        <p
          id={`${id}-note`}
          className={cn("mt-1 text-xs", error ? "text-bad" : "text-muted")}
          role={error ? "alert" : undefined}
        >
          {note}
        </p>
      )}
    </div>
  );
}
