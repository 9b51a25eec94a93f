type Labels = Record<string, string>;

const PLACE = /\{\{\s*(\w+)\s*\}\}/g;
const NAME_LABEL = "__name__";

/** The labels in which some series differ, in alphabetical order. */
function differing(all: readonly Labels[]): string[] {
  const names = new Set(all.flatMap(Object.keys));
  return [...names]
    .filter((name) => name !== NAME_LABEL && new Set(all.map((labels) => labels[name] ?? "")).size > 1)
    .sort();
}

/** What the lines of a chart are called: by a template such as `{{instance}} {{device}}`, else by the labels in which they differ. */
export function legendNames(all: readonly Labels[], template?: string): string[] {
  const names = differing(all);
  return all.map((labels) => {
    const written = (template ?? "")
      .replace(PLACE, (_, name: string) => labels[name] ?? "")
      .replace(/\s+/g, " ")
      .trim();
    return written === ""
      ? names
          .map((name) => labels[name] ?? "")
          .join(" ")
          .trim()
      : written;
  });
}
