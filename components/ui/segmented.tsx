import { cn } from "#components/ui/cn.ts";
import { keepEntered } from "#components/ui/entered.ts";

type Props<T extends string> = { label: string; options: readonly T[]; value: T; onChange: (value: T) => void };

/** One of a few choices, as radio buttons in a row. */
export function Segmented<T extends string>({ label, options, value, onChange }: Props<T>) {
  return (
    <fieldset className="inline-flex rounded-md border border-line bg-surface p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option}
          className={cn(
            "figures cursor-pointer rounded px-2.5 py-1 text-muted text-xs hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent",
            option === value && "bg-accent-soft font-medium text-ink",
          )}
        >
          <input
            ref={keepEntered()}
            type="radio"
            className="sr-only"
            name={label}
            value={option}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          {option}
        </label>
      ))}
    </fieldset>
  );
}
