import { formatFloat } from "#lib/alerts/templates/go-numbers.ts";

/** What a part of a template is: a whole number that the template writes is a bigint, and all others are floats. */
export type TemplateValue = string | number | bigint | boolean | ReadonlyMap<string, string>;

/** A value as Go's %v writes it; labels by name: map[instance:a job:b]. */
export function printValue(value: TemplateValue): string {
  if (typeof value === "number") return formatFloat(value, "g");
  if (typeof value !== "object") return String(value);
  const byName = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${byName.map(([name, text]) => `${name}:${text}`).join(" ")}]`;
}
