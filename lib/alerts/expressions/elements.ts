import type { CompiledRule } from "#lib/alerts/expressions/compile.ts";
import type { Template, TemplateSubject } from "#lib/alerts/templates/template.ts";
import { storable } from "#lib/contract/storable.ts";
import { executionError } from "#lib/promql/query/error.ts";
import { LabelSet } from "#lib/promql/series/labels.ts";

/** The label that has the name of the rule, as in Prometheus. */
const ALERT_NAME = "alertname";

/** What an expression gave for one set of labels, under the labels of its alert; `annotate` writes the texts for it. */
export type Element = { labels: LabelSet; value: number; annotate(): Record<string, string> };

type Sample = { labels: LabelSet; value: number };

const expandAll = (templates: [string, Template][], subject: TemplateSubject): [string, string][] =>
  templates.map(([name, template]) => [name, storable(template.expand(subject))]);

function elementOf({ labels: templates, annotations, alertName }: CompiledRule, { labels, value }: Sample): Element {
  const subject = { labels: new Map(labels.pairs), value };
  const own = labels.withoutName().pairs.map(([name, text]): [string, string] => [name, storable(text)]);
  const all = Object.fromEntries([...own, ...expandAll(templates, subject), [ALERT_NAME, alertName]]);
  return {
    ...{ labels: LabelSet.of(all), value },
    annotate: () => Object.fromEntries(expandAll(annotations, subject)),
  };
}

/** The elements of what a rule's expression gave, each with labels of its own. @throws QueryError execution for too many, or two with the same labels */
export function elementsOf(rule: CompiledRule, samples: readonly Sample[]): Element[] {
  if (samples.length > rule.limit)
    throw executionError(
      `The expression gives ${samples.length} elements, more than ${rule.limit}: aggregate it, or select fewer series`,
    );
  const elements = samples.map((sample) => elementOf(rule, sample));
  const seen = new Set<string>();
  for (const { labels } of elements) {
    if (seen.has(labels.key))
      throw executionError(`Two elements have the labels ${labels} of their alert: keep a label that tells them apart`);
    seen.add(labels.key);
  }
  return elements;
}
