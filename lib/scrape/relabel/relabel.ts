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

/** Labels by rules, one after another; undefined where a rule drops what has them. Labels without a value are none. */
export function relabel(labels: Map<string, string>, rules: readonly RelabelRule[]): Map<string, string> | undefined {
  const changed = new Map(labels);
  for (const rule of rules) if (!apply(rule, changed)) return undefined;
  return changed;
}

/** Changes labels by a rule; answers whether what has them is kept. */
function apply(rule: RelabelRule, labels: Map<string, string>): boolean {
  const { action, sourceLabels, separator, pattern, targetLabel } = rule;
  const value = sourceLabels.map((name) => labels.get(name) ?? "").join(separator);
  switch (action) {
    case "keep":
      return pattern.matches(value);
    case "drop":
      return !pattern.matches(value);
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
    const matches = rule.pattern.matches(name);
    if (rule.action === "labelmap") {
      if (matches) set(labels, replacement(rule.pattern, rule.replacement, name) ?? "", own);
    } else if (matches === (rule.action === "labeldrop")) labels.delete(name);
  }
}

function set(labels: Map<string, string>, name: string, value: string): void {
  if (value === "") labels.delete(name);
  else labels.set(name, value);
}
