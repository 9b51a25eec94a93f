// Dialects differ on where a literal ends. What is not clear by db.system is masked up to the end of the statement.

/** Here a text in double quotes is a name. */
const NAMES = new Set([
  ...["postgresql", "cockroachdb", "redshift", "edb", "greenplum", "oracle", "oracle.db", "sqlite", "db2", "ibm.db2"],
  ...["h2", "hsqldb", "derby", "firebird", "hanadb", "sap.hana", "cassandra", "trino", "presto", "vertica", "teradata"],
]);
/** Here # begins a comment, and -- only before a space. */
const HASH_COMMENTS = new Set(["mysql", "mariadb", "tidb"]);
const BRACKETS = new Set(["mssql", "microsoft.sql_server", "sqlite"]);
const JSON_QUERIES = new Set(["mongodb", "elasticsearch", "opensearch", "couchdb"]);
const COMMANDS = new Set(["redis", "valkey", "keydb", "dragonfly", "memcached"]);

const MASK = "?";
/** Longer statements are cut, characters. */
const MAX_STATEMENT = 500;

/** A part of a statement, and what stands for it; without that it is kept. */
type Rule = [pattern: RegExp, mask?: string];

const COMMENT = "/*?*/";
const WORDS: Rule[] = [[/[?$]\d+/y], [/[\p{L}_][\p{L}\p{N}_$]*/uy], [/(?:\.\d|\d)[\w.]*/y, MASK]];
const QUOTED: Rule[] = [
  // Oracle's own: q'[it's]'.
  [
    /n?q'(?:\[[\s\S]*?(?:\]'|$)|\{[\s\S]*?(?:\}'|$)|\([\s\S]*?(?:\)'|$)|<[\s\S]*?(?:>'|$)|([^\s'[{(<])[\s\S]*?(?:\1'|$))/iy,
    MASK,
  ],
  // A backslash before the quote may escape it, or not: neither of both is assumed.
  [/'(?:[^'\\]|''|\\(?!'))*(?:'|$)/y, MASK],
  [/\$((?:[\p{L}_][\p{L}\p{N}_]*)?)\$[\s\S]*?(?:\$\1\$|$)/uy, MASK],
];
const COMMENTS: Rule[] = [
  // Within another one a comment ends it in some dialects only.
  [/\/\*(?:(?!\/\*|\*\/)[\s\S])*(?:\*\/|$)/y, COMMENT],
  [/(?:--|\/\/)[^\r\n]*(?=\r?\n|$)/y, COMMENT],
];
const STRING: Rule = [/"(?:[^"\\]|""|\\(?!"))*(?:"|$)/y, MASK];
const NAME: Rule = [/"(?:[^"]|"")*"/y];
const BACKTICKS: Rule = [/`(?:[^`\\]|``)*`/y];
const OF_JSON: Rule[] = [
  [/"[\w$.-]{1,60}"(?=\s*:)/y],
  [/"(?:[^"\\]|\\[\s\S])*(?:"|$)/y, MASK],
  [/'(?:[^'\\]|\\[\s\S])*(?:'|$)/y, MASK],
  [/`(?:[^`\\]|\\[\s\S])*(?:`|$)/y, MASK],
  ...COMMENTS,
  [/\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y, MASK],
  ...WORDS,
];

function rulesOf(system: string): Rule[] {
  if (JSON_QUERIES.has(system)) return OF_JSON;
  const brackets: Rule[] = BRACKETS.has(system) ? [[/\[(?:[^\]]|\]\])*\]/y]] : [];
  const [nested, lines] = COMMENTS as [Rule, Rule];
  const comments: Rule[] = HASH_COMMENTS.has(system)
    ? [nested, [/(?:#|--(?=\s|$))[^\n]*/y, COMMENT], [/--/y]]
    : [nested, lines];
  return [...QUOTED, ...comments, NAMES.has(system) ? NAME : STRING, BACKTICKS, ...brackets, ...WORDS];
}

/** What begins a literal or a comment although no rule could tell where it ends. */
const isUnclear = (rest: string, system: string): boolean =>
  /^(?:['"`]|\/\*|\/\/|--)/.test(rest) ||
  (rest.startsWith("#") && !NAMES.has(system) && !BRACKETS.has(system)) ||
  (rest.startsWith("/") && JSON_QUERIES.has(system));

/** The part of a text at a place, and what stands for it; undefined where no rule has it. */
function partOf(text: string, at: number, rules: readonly Rule[]): { length: number; shown: string } | undefined {
  for (const [pattern, mask] of rules) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { length: found.length, shown: mask ?? found };
  }
  return undefined;
}

/**
 * A statement as it may be kept, at most 500 characters: its texts and numbers are ?, of comments nothing is left. `system` is db.system of the
 * span, empty where it is not said.
 */
export function maskStatement(statement: string, system: string): string {
  if (COMMANDS.has(system) || /^\s*AUTH\s/i.test(statement))
    return `${/^\s*([a-z][\w.]{0,30})(?=\s|$)/i.exec(statement)?.[1] ?? ""} ${MASK}`.trim();
  const password = /\bIDENTIFIED\b/i.exec(statement);
  const text = password ? statement.slice(0, password.index + password[0].length) : statement;
  const rules = rulesOf(system);
  let masked = "";
  for (let at = 0; at < text.length && masked.length < MAX_STATEMENT; ) {
    const part = partOf(text, at, rules);
    if (!part && isUnclear(text.slice(at, at + 2), system)) return `${masked}${MASK}`;
    masked += part?.shown ?? text.charAt(at);
    at += part?.length ?? 1;
  }
  return (password ? `${masked} ${MASK}` : masked).slice(0, MAX_STATEMENT);
}
