import type { RE2JS } from "re2js";
import { executionError } from "#lib/promql/query/error.ts";
import { isLabelName, type LabelSet } from "#lib/promql/series/labels.ts";
import { compilePattern } from "#lib/promql/series/matcher.ts";

/** A replacement by Go's rules: $1 or ${1} is a group, $name takes all letters, digits and underscores that follow, $$ is a dollar. */
export function expandMatch(pattern: RE2JS, matcher: ReturnType<RE2JS["matcher"]>, template: string): string {
  const names = pattern.namedGroups();
  const byNumber = (number: number) => (number <= matcher.groupCount() ? (matcher.group(number) ?? "") : "");
  return template.replace(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar, braced, plain) => {
    if (dollar) return "$";
    const name = (braced ?? plain) as string;
    if (/^\d+$/.test(name)) return byNumber(Number(name));
    return Object.hasOwn(names, name) ? byNumber(names[name] as number) : "";
  });
}

/** What a template becomes by the groups of a pattern that matches a value as a whole; undefined where it does not match. */
export function replacement(pattern: RE2JS, template: string, value: string): string | undefined {
  const matcher = pattern.matcher(value);
  return matcher.matches() ? expandMatch(pattern, matcher, template) : undefined;
}

/** label_replace: sets a label from what a pattern finds in another; without a match labels stay as they are. @throws QueryError execution */
export function labelReplacer([target, template, source, text]: string[]): (labels: LabelSet) => LabelSet {
  const [destination, format, from, patternText] = [target ?? "", template ?? "", source ?? "", text ?? ""];
  const pattern = compileOrThrow(patternText);
  if (!isLabelName(destination))
    throw executionError(`invalid destination label name in label_replace(): ${destination}`);
  return (labels) => {
    const value = replacement(pattern, format, labels.get(from));
    return value === undefined ? labels : labels.with(destination, value);
  };
}

function compileOrThrow(text: string): RE2JS {
  try {
    return compilePattern(text);
  } catch {
    throw executionError(`invalid regular expression in label_replace(): ${text}`);
  }
}

/** label_join: sets a label to others' values with a separator between. @throws QueryError execution */
export function labelJoiner([target, between, ...sources]: string[]): (labels: LabelSet) => LabelSet {
  const [destination, separator] = [target ?? "", between ?? ""];
  const wrong = sources.find((source) => !isLabelName(source));
  if (wrong !== undefined) throw executionError(`invalid source label name in label_join(): ${wrong}`);
  if (!isLabelName(destination)) throw executionError(`invalid destination label name in label_join(): ${destination}`);
  return (labels) => labels.with(destination, sources.map((source) => labels.get(source)).join(separator));
}
