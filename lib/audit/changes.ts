import type { AuditEvent } from "#lib/audit/trail.ts";

type Details = NonNullable<AuditEvent["details"]>;

const MOST = 40;
const LONGEST = 200;
/** Names of what is secret in whatever it stands. */
const SECRET = /password|secret|token$|webhook|passphrase/i;
const HIDDEN = "(not shown)";

const isPlain = (value: unknown): value is Details[string] =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

const short = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** A value's parts by their path, such as plan.max_days; lists as text. */
function flat(value: unknown, path: string, secret: readonly string[]): [string, Details[string]][] {
  const name = path.split(".").at(-1) ?? "";
  if (value === undefined) return [];
  if (SECRET.test(name) || secret.includes(name)) return [[path, value === "" || value === null ? value : HIDDEN]];
  if (typeof value === "string") return [[path, short(value)]];
  if (isPlain(value)) return [[path, typeof value === "number" && !Number.isFinite(value) ? String(value) : value]];
  if (value instanceof Date) return [[path, value.toISOString()]];
  if (Array.isArray(value)) return [[path, short(JSON.stringify(value))]];
  return Object.entries(value as object).flatMap(([key, part]) => flat(part, path ? `${path}.${key}` : key, secret));
}

/**
 * What was changed, as details of an event: `before.x` and `after.x` of each part that is not the same. Of what is secret only that it was
 * changed. What was created has no before, what was removed no after.
 */
export function describeChange(before: unknown, after: unknown, secret: readonly string[] = []): Details {
  const [old, fresh] = [before, after].map((value) => new Map(flat(value ?? undefined, "", secret))) as [
    Map<string, Details[string]>,
    Map<string, Details[string]>,
  ];
  const details: [string, Details[string]][] = [];
  for (const path of new Set([...old.keys(), ...fresh.keys()])) {
    // Of a change only the parts that it names are compared.
    if (after !== undefined && !fresh.has(path)) continue;
    const [was, is] = [old.get(path), fresh.get(path)];
    if (was === is && was !== HIDDEN) continue;
    if (was !== undefined) details.push([`before.${path}`, was]);
    if (is !== undefined) details.push([`after.${path}`, is]);
  }
  const left = details.length - MOST;
  return Object.fromEntries([...details.slice(0, MOST), ...(left > 0 ? [["more", left] as const] : [])]);
}
