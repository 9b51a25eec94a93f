import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "#components/ui/cn.ts";
import { keepEntered } from "#components/ui/entered.ts";

type Props = Omit<ComponentProps<"textarea">, "id"> & {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
};

/** A labelled text of several lines, in the letters of programs, with its hint or what is wrong with it. */
export function TextArea({ label, hint, error, className, ref, ...area }: Props) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium text-xs">
        {label}
      </label>
      <textarea
        id={id}
        spellCheck={false}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        className={cn(
          "w-full rounded-md border border-line bg-canvas p-2 font-mono text-xs leading-5",
          error && "border-bad",
          className,
        )}
        {...area}
        ref={keepEntered(ref)}
      />
      {note && (
        <p
          id={`${id}-note`}
          className={cn("mt-1 break-words text-xs", error ? "text-bad" : "text-muted")}
          role={error ? "alert" : undefined}
        >
          {note}
        </p>
      )}
    </div>
  );
}
