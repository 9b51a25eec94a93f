const MOST_COLUMNS = 3;
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const COMPARISON =
  /(?:\b(?:where|and)\s+\(*\s*)(?:"?(\w+)"?\.)?"?(\w+)"?\s*(=\s*any|=|in\b|>=|<=|>|<|between\b|like\b)/gi;

/**
 * The columns that a statement compares with a value in its WHERE, those compared for equality first. Only where the statement reads this one
 * table: of a join nobody knows by the text alone whose column it is.
 */
export function filteredColumns(sql: string, table: string): string[] {
  if (
    /\bjoin\b/i.test(sql) ||
    !new RegExp(`\\b(from|update|into)\\s+(only\\s+)?("?\\w+"?\\.)?"?${escaped(table)}"?\\b`, "i").test(sql)
  )
    return [];
  const where = /\bwhere\b[\s\S]*/i.exec(sql)?.[0] ?? "";
  if (/\bselect\b|\bor\b/i.test(where)) return [];
  const found = [...where.matchAll(COMPARISON)].map(([, , column = "", operator = ""]) => ({
    column,
    equal: /^(=|in)/i.test(operator),
  }));
  const sorted = [...found.filter(({ equal }) => equal), ...found.filter(({ equal }) => !equal).slice(0, 1)];
  return [...new Set(sorted.map(({ column }) => column))].slice(0, MOST_COLUMNS);
}
