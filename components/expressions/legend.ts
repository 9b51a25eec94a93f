const PLACE = /\{\{\s*(\w+)\s*\}\}/g;

type Line = { name: string; labels: Record<string, string> };

/** What a line is called: by a template such as `{{instance}} {{device}}`; by its own name where there is none, or where it gives nothing. */
export function legendName({ name, labels }: Line, template = ""): string {
  const written = template.replace(PLACE, (_, label: string) => labels[label] ?? "").replace(/\s+/g, " ");
  return written.trim() || name;
}
