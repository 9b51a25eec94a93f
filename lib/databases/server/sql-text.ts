/** A comment, a string with its prefix, a dollar-quoted string, a quoted name, a parameter, a number, or a word: in this order. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|(?:\b[bBxXnN]|\b[uU]&)?'(?:[^']|'')*(?:'|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|"(?:[^"]|"")*"|\$\d+|\b\d[\d.]*(?:[eE][+-]?\d+)?\w*|\.\d+|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g;

/**
 * A statement without the values that stand in it, which may be anybody's data: strings and numbers become ?, comments go, white space is single.
 * What is cut off within a string counts as one.
 */
export function withoutValues(sql: string): string {
  return sql
    .replace(TOKEN, (token) => {
      if (token.startsWith("--") || token.startsWith("/*")) return " ";
      if (/^(?:[a-zA-Z]|[uU]&)?'/.test(token) || /^\$(?!\d)/.test(token) || /^[\d.]/.test(token)) return "?";
      return token;
    })
    .replace(/\(\s*\?(?:\s*,\s*\?)+\s*\)/g, "(?, ...)")
    .replace(/\s+/g, " ")
    .trim();
}

/** A name as SQL writes it, with quotes where it needs them. */
export const quoteName = (name: string): string =>
  /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** A table or an index with its schema, as SQL writes it. */
export const quotePath = (schema: string, name: string): string => `${quoteName(schema)}.${quoteName(name)}`;
