const PARAMETER = /(?<![\w$])\$(\d+)/g;
const TYPED = /\b(interval|date|timestamptz|timestamp|timetz|time)((?:\s+with(?:out)?\s+time\s+zone)?)\s+(\$\d+)/gi;

/**
 * A text of pg_stat_statements as the parser takes it again. Constants became parameters there also where the grammar knows none: the field of EXTRACT, which
 * changes no plan, and a literal that follows its type. Parameters are numbered anew, since none may be missing.
 */
export function explainable(text: string): string {
  const written = text
    .replace(/\bextract\s*\(\s*\$\d+\s+from\b/gi, "extract(epoch FROM")
    .replace(TYPED, (_, type: string, zone: string, parameter: string) => `${parameter}::${type}${zone}`);
  const numbers = new Map<string, number>();
  return written.replace(PARAMETER, (_, number: string) => {
    const renumbered = numbers.get(number) ?? numbers.size + 1;
    numbers.set(number, renumbered);
    return `$${renumbered}`;
  });
}
