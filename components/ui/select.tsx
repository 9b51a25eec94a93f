import { type ComponentProps, useId } from "react";
import { cn } from "#components/ui/cn.ts";
import { keepEntered } from "#components/ui/entered.ts";

type Props = Omit<ComponentProps<"select">, "id"> & {
  label: string;
  options: readonly Option[];
  hiddenLabel?: boolean;
  error?: string | undefined;
};

type Option = { value: string; title: string };

/** The choices, with what stands where it is none of them. */
export const withOption = (options: readonly Option[], own: Option): Option[] =>
  options.some(({ value }) => value === own.value) ? [...options] : [...options, own];

/** One of many choices, by the browser's own list. */
export function Select({ label, options, hiddenLabel = false, error, className, ref, ...select }: Props) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className={hiddenLabel ? "sr-only" : "mb-1 block font-medium text-xs"}>
        {label}
      </label>
      <select
        id={id}
        className={cn("h-9 w-full rounded-md border border-line bg-canvas px-2 text-sm", hiddenLabel && "h-8 text-xs")}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        {...select}
        ref={keepEntered(ref)}
      >
        {options.map(({ value, title }) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
      {error !== undefined && (
        <p id={`${id}-error`} className="mt-1 text-bad text-xs">
          {error}
        </p>
      )}
    </div>
  );
}
