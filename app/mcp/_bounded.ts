/** An assistant reads so much at once without losing sight of the rest. */
const MAX_TEXT = 40_000;
const MAX_STRING = 1_500;
/** So many items of each list, and fewer where the whole is still too long. */
const ITEMS = [100, 50, 20, 10, 5, 2, 1];
const MAX_DEPTH = 12;

type LeftOff = Record<string, number>;

function cut(value: unknown, items: number, path: string, leftOff: LeftOff): unknown {
  if (typeof value === "string")
    return value.length > MAX_STRING ? `${value.slice(0, MAX_STRING)}…`.toWellFormed() : value;
  if (typeof value !== "object" || value === null) return value;
  if (path.split(".").length > MAX_DEPTH) return "…";
  if (Array.isArray(value)) {
    if (value.length > items) leftOff[path || "answer"] = (leftOff[path || "answer"] ?? 0) + value.length - items;
    return value.slice(0, items).map((item) => cut(item, items, path, leftOff));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, cut(part, items, path ? `${path}.${name}` : name, leftOff)]),
  );
}

/** An answer as JSON of at most 40,000 characters: of long lists the first items, and `left_off` says how many there are beside them. */
export function boundedText(answer: object): string {
  let text = "";
  for (const items of ITEMS) {
    const leftOff: LeftOff = {};
    const kept = cut(answer, items, "", leftOff) as object;
    text = JSON.stringify(Object.keys(leftOff).length > 0 ? { ...kept, left_off: leftOff } : kept);
    if (text.length <= MAX_TEXT) return text;
  }
  return JSON.stringify({ cut_off: `${text.slice(0, MAX_TEXT)}…`.toWellFormed() });
}
