import type { ExpressionRule } from "#lib/alerts/expressions/compile.ts";
import { readElements, type StoredElement, storeElements } from "#lib/alerts/expressions/element-rows.ts";
import type { Element } from "#lib/alerts/expressions/elements.ts";
import type { Place } from "#lib/alerts/expressions/places.ts";
import type { ElementTexts, Finding } from "#lib/alerts/observe.ts";
import type { AlertRule } from "#lib/alerts/rules.ts";
import type { Instance } from "#lib/alerts/store-alerts.ts";
import type { Connection } from "#lib/db/client.ts";
import { seriesName } from "#lib/metrics/frame.ts";
import { finite } from "#lib/promql/series/points.ts";
import type { SeriesInfo } from "#lib/tsdb/catalog.ts";

/** An expression's rule as it is judged. */
export type JudgedRule = AlertRule & ExpressionRule;

/** An element with the host that its alert is shown on. */
export type PlacedElement = { location: Place; element: Element };

/** What a rule's evaluation gave on one host: its elements there, or why there are none, which `ofRule` says of the rule itself too. */
export type HostResult =
  | { kind: "elements"; elements: PlacedElement[] }
  | { kind: "no_data"; ofRule: boolean }
  | { kind: "error"; message: string; ofRule: boolean };

/** What an element has in location of a series: an id below 0. */
const seriesOf = (rule: JudgedRule, id: number, labels: Record<string, string>): SeriesInfo => {
  const { alertname = rule.name, ...others } = labels;
  return {
    ...{ id: -id, sourceId: 0, metric: alertname, labels, name: seriesName(alertname, others) },
    ...{ unit: "count", kind: "gauge", group: "Other", help: "" },
  };
};

const textsOf = (rule: JudgedRule, labels: Record<string, string>, element?: Element): ElementTexts => ({
  ...{ labels, annotations: element?.annotate() ?? {}, expr: rule.condition.expr },
});

/** Stands for the rule itself where it has no element to say so of. */
const OF_RULE = "rule";

async function findRule(
  tx: Connection,
  hostId: number,
  rule: JudgedRule,
): Promise<{ id: number; labels: Record<string, string> }> {
  const labels = { alertname: rule.condition.origin?.alert ?? rule.name };
  const ids = await storeElements({ tx, hostId, ruleId: rule.id }, [{ key: OF_RULE, labels }]);
  return { id: ids.get(OF_RULE) as number, labels };
}

async function findElements(
  tx: Connection,
  hostId: number,
  rule: JudgedRule,
  elements: PlacedElement[],
): Promise<Finding[]> {
  const ids = await storeElements(
    { tx, hostId, ruleId: rule.id },
    elements.map(({ location: { key, labels } }) => ({ key, labels })),
  );
  return elements.map(({ location, element }) => ({
    ...{
      rule,
      series: seriesOf(rule, ids.get(location.key) as number, location.labels),
      // What is no number of JSON has no figure; a template writes it.
      value: finite(element.value),
    },
    observation: { kind: "value", value: element.value, breached: true, recovered: false },
    element: textsOf(rule, location.labels, element),
  }));
}

/** What is found of an element that the expression did not give this time. */
function missing(rule: JudgedRule, { id, labels }: Pick<StoredElement, "id" | "labels">, result: HostResult): Finding {
  const base = { rule, series: seriesOf(rule, id, labels), value: null, element: textsOf(rule, labels) };
  if (result.kind === "no_data") return { ...base, observation: { kind: "no_data" } };
  if (result.kind === "error") return { ...base, observation: { kind: "error", message: result.message } };
  return { ...base, observation: { kind: "value", value: 0, breached: false, recovered: true } };
}

/** What a rule's evaluation found on a host, with what is stored of its elements there. */
export async function findOnHost(
  tx: Connection,
  { hostId, rule, result }: { hostId: number; rule: JudgedRule; result: HostResult },
  stored: Instance[],
): Promise<Finding[]> {
  const found = result.kind === "elements" ? await findElements(tx, hostId, rule, result.elements) : [];
  const given = new Set(found.map(({ series }) => series.id));
  const others = stored.map(({ seriesId }) => seriesId).filter((id) => !given.has(id));
  const ids = others.map((id) => -id);
  const gone = await readElements({ tx, hostId, ruleId: rule.id }, ids);
  const ofRule = result.kind !== "elements" && result.ofRule ? [await findRule(tx, hostId, rule)] : [];
  const elements = new Map([...gone, ...ofRule].map((element) => [element.id, element]));
  return [...found, ...[...elements.values()].map((element) => missing(rule, element, result))];
}
