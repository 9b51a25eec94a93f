import { createHash } from "node:crypto";
import type { RE2JS } from "re2js";
import { replacement } from "#lib/promql/evaluate/labelling.ts";

export const RELABEL_ACTIONS = [
  ...["replace", "keep", "drop", "keepequal", "dropequal", "hashmod"],
  ...["labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase"],
] as const;
type RelabelAction = (typeof RELABEL_ACTIONS)[number];

/** A rule that changes labels, with Prometheus' meaning; `pattern` must match as a whole. */
export type RelabelRule = {
  action: RelabelAction;
  sourceLabels: string[];
  separator: string;
  pattern: RE2JS;
  targetLabel: string;
  replacement: string;
  modulus: number;
};

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** A name or a value, characters: an address may be this long. */
const MAX_TEXT = 2_000;
/** What source_labels come to together, characters. */
const MAX_JOINED = 4_000;
const MAX_LABELS = 300;
/** Larger programs make too many states for the faster way of matching. */
const MAX_FAST = 500;

/** Labels that are too long, or too many, for rules to work on, or that became so by them. */
export class OversizedLabels extends Error {}

function assertSize(labels: Map<string, string>): void {
  if (labels.size > MAX_LABELS) throw new OversizedLabels(`it has over ${MAX_LABELS} labels: drop some`);
  for (const [name, value] of labels)
    if (name.length > MAX_TEXT || value.length > MAX_TEXT)
      throw new OversizedLabels(`its label ${name.slice(0, 100)} is over ${MAX_TEXT} characters: shorten it`);
}

function matches(pattern: RE2JS, text: string): boolean {
  return pattern.programSize() > MAX_FAST ? pattern.matcher(text).matches() : pattern.matches(text);
}

/**
 * Labels by rules, one after another; undefined where a rule drops what has them. Labels without a value are none.
 * @throws OversizedLabels, which says which label
 */
export function relabel(labels: Map<string, string>, rules: readonly RelabelRule[]): Map<string, string> | undefined {
  const changed = new Map(labels);
  if (rules.length > 0) assertSize(changed);
  for (const rule of rules) {
    if (!apply(rule, changed)) return undefined;
    assertSize(changed);
  }
  return changed;
}

/** Changes labels by a rule; answers whether what has them is kept. */
function apply(rule: RelabelRule, labels: Map<string, string>): boolean {
  const { action, sourceLabels, separator, pattern, targetLabel } = rule;
  const value = sourceLabels.map((name) => labels.get(name) ?? "").join(separator);
  if (value.length > MAX_JOINED)
    throw new OversizedLabels(`its source_labels are over ${MAX_JOINED} characters together: name fewer`);
  switch (action) {
    case "keep":
      return matches(pattern, value);
    case "drop":
      return !matches(pattern, value);
    case "keepequal":
      return (labels.get(targetLabel) ?? "") === value;
    case "dropequal":
      return (labels.get(targetLabel) ?? "") !== value;
    case "replace":
      replace(rule, value, labels);
      break;
    case "lowercase":
      set(labels, targetLabel, value.toLowerCase());
      break;
    case "uppercase":
      set(labels, targetLabel, value.toUpperCase());
      break;
    case "hashmod": {
      const hash = createHash("md5").update(value).digest().readBigUInt64BE(8);
      set(labels, targetLabel, String(hash % BigInt(rule.modulus)));
      break;
    }
    default:
      changeNames(rule, labels);
  }
  return true;
}

function replace(rule: RelabelRule, value: string, labels: Map<string, string>): void {
  const result = replacement(rule.pattern, rule.replacement, value);
  if (result === undefined) return;
  const target = rule.targetLabel.includes("$")
    ? (replacement(rule.pattern, rule.targetLabel, value) ?? "")
    : rule.targetLabel;
  if (!LABEL.test(target) || result === "") labels.delete(rule.targetLabel);
  else labels.set(target, result);
}

function changeNames(rule: RelabelRule, labels: Map<string, string>): void {
  for (const [name, own] of [...labels]) {
    const isMatch = matches(rule.pattern, name);
    if (rule.action === "labelmap") {
      if (isMatch) set(labels, replacement(rule.pattern, rule.replacement, name) ?? "", own);
    } else if (isMatch === (rule.action === "labeldrop")) labels.delete(name);
  }
}

function set(labels: Map<string, string>, name: string, value: string): void {
  if (value === "") labels.delete(name);
  else labels.set(name, value);
}
