import { keepEntered } from "#components/ui/entered.ts";

type Props = { label: string; placeholder: string; value: string; onChange: (text: string) => void };

/** Narrows what is listed beside it as one types. */
export const SearchField = ({ label, placeholder, value, onChange }: Props) => (
  <input
    ref={keepEntered()}
    type="search"
    // So long a search may be by the API.
    maxLength={200}
    aria-label={label}
    placeholder={placeholder}
    className="h-8 w-56 rounded-md border border-line bg-canvas px-2 text-xs placeholder:text-muted"
    value={value}
    onChange={({ target }) => onChange(target.value)}
  />
);
