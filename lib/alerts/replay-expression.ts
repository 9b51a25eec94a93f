import type { CompiledRule } from "#lib/alerts/expressions/compile.ts";
import { type Element, elementsOf } from "#lib/alerts/expressions/elements.ts";
import { type AlertMemory, INACTIVE, judgeElement, type Timing } from "#lib/alerts/state-machine.ts";
import type { LabelSet } from "#lib/promql/series/labels.ts";
import type { SeriesSamples } from "#lib/promql/series/reader.ts";

/** An element's alert at an instant. */
export type ReplayedAlert = { element: Element; memory: AlertMemory };

/** The samples of series at one instant after another. */
class Steps {
  readonly #series: { series: SeriesSamples; next: number }[];

  constructor(series: SeriesSamples[]) {
    this.#series = series.map((each) => ({ series: each, next: 0 }));
  }

  at(at: number): { labels: LabelSet; value: number }[] {
    const samples: { labels: LabelSet; value: number }[] = [];
    for (const cursor of this.#series) {
      const { times, values, labels } = cursor.series;
      while (cursor.next < times.length && (times[cursor.next] as number) < at) cursor.next += 1;
      if (times[cursor.next] === at) samples.push({ labels, value: values[cursor.next] as number });
    }
    return samples;
  }
}

/** What a rule's alerts would have been in a past, by the elements and the states of the evaluation itself. */
export class ExpressionReplay {
  readonly #rule: CompiledRule;
  readonly #timing: Timing;
  readonly #alerts = new Map<string, ReplayedAlert>();

  constructor(rule: CompiledRule, timing: Timing) {
    [this.#rule, this.#timing] = [rule, timing];
  }

  /** The alerts that wait or fire at each step (ms) of [fromMs, toMs], given what the expression was at these. @throws QueryError as elementsOf */
  *step(
    series: SeriesSamples[],
    { fromMs, toMs, stepMs }: { fromMs: number; toMs: number; stepMs: number },
  ): Generator<{ at: number; alerts: ReadonlyMap<string, ReplayedAlert> }> {
    const steps = new Steps(series);
    for (let at = fromMs; at <= toMs; at += stepMs) {
      this.#judge(elementsOf(this.#rule, steps.at(at)), at, stepMs);
      yield { at, alerts: this.#alerts };
    }
  }

  #judge(elements: Element[], at: number, stepMs: number): void {
    const given = new Set(elements.map(({ labels }) => labels.key));
    const gone = [...this.#alerts.values()]
      .map(({ element }) => element)
      .filter(({ labels }) => !given.has(labels.key));
    for (const element of [...elements, ...gone]) {
      const breached = given.has(element.labels.key);
      const before = this.#alerts.get(element.labels.key)?.memory ?? INACTIVE;
      const observation = { kind: "value" as const, value: element.value, breached, recovered: !breached };
      const memory = judgeElement({ ...before, seenAt: at - stepMs }, observation, this.#timing, at);
      if (memory.state === "inactive") this.#alerts.delete(element.labels.key);
      else this.#alerts.set(element.labels.key, { element, memory });
    }
  }
}
