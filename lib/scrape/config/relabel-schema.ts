import * as z from "zod";
import { compileRule } from "#lib/scrape/config/pattern.ts";
import { count } from "#lib/scrape/config/scalars.ts";
import { RELABEL_ACTIONS, type RelabelRule } from "#lib/scrape/relabel/relabel.ts";

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** A label's name, or a template of one. */
const TARGET = /^(?:[a-zA-Z_]|\$(?:\{\w+\}|\w))(?:\w|\$(?:\{\w+\}|\w))*$/;
const DEFAULTS = { separator: ";", regex: "(.*)", replacement: "$1", target_label: "" };

const raw = z.strictObject({
  action: z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(RELABEL_ACTIONS, { error: `Write one of ${RELABEL_ACTIONS.join(", ")}` }))
    .default("replace"),
  source_labels: z
    .array(z.string().regex(LABEL, "Write names of labels"), "Write a list of labels")
    .max(50)
    .default([]),
  separator: z.string().max(100).default(DEFAULTS.separator),
  regex: z.string().default(DEFAULTS.regex),
  target_label: z.string().max(200).default(DEFAULTS.target_label),
  replacement: z.string().max(1_000).default(DEFAULTS.replacement),
  modulus: count(1_000_000_000).default(0),
});

type Raw = z.output<typeof raw>;
type Wrong = { field: keyof Raw; message: string };

/** What Prometheus refuses too. */
function wrongOf(rule: Raw): Wrong | undefined {
  const { action, target_label: target, replacement } = rule;
  if (action === "labeldrop" || action === "labelkeep") {
    const other = (["separator", "target_label", "replacement"] as const).find((name) => rule[name] !== DEFAULTS[name]);
    const extra = other ?? (rule.source_labels.length > 0 ? "source_labels" : rule.modulus > 0 ? "modulus" : undefined);
    return extra && { field: extra, message: `${action} needs regex only: leave this out` };
  }
  if (action === "labelmap")
    return TARGET.test(replacement)
      ? undefined
      : { field: "replacement", message: `"${replacement}" makes no name of a label` };
  if (action === "keep" || action === "drop") return undefined;
  if (target === "") return { field: "target_label", message: `${action} needs the label that it sets` };
  const isValid = action === "replace" ? TARGET.test(target) : LABEL.test(target);
  if (!isValid) return { field: "target_label", message: `"${target}" is no name of a label` };
  if (action === "hashmod" && rule.modulus === 0) return { field: "modulus", message: "hashmod needs a modulus" };
  return undefined;
}

/** A rule as it stands in prometheus.yml. */
export const relabelRule = raw.transform((rule, context): RelabelRule => {
  const wrong = wrongOf(rule);
  if (wrong) context.addIssue({ code: "custom", message: wrong.message, path: [wrong.field] });
  try {
    // Anchored: it is matched as a whole.
    const pattern = compileRule(rule.regex);
    const { action, separator, replacement, modulus } = rule;
    const { source_labels: sourceLabels, target_label: targetLabel } = rule;
    return { action, sourceLabels, separator, pattern, targetLabel, replacement, modulus };
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message, path: ["regex"] });
    return z.NEVER;
  }
});
