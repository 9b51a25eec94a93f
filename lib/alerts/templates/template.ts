import { assertLength, FUNCTIONS, isTrue } from "#lib/alerts/templates/functions.ts";
import {
  type Command,
  type Operand,
  type Pipeline,
  parseTemplate,
  type TemplateNode,
  templateError,
} from "#lib/alerts/templates/syntax.ts";
import { printValue, type TemplateValue } from "#lib/alerts/templates/values.ts";
import { reasonOf } from "#lib/reason.ts";

/** What a template speaks of: an element's labels, and its value. */
export type TemplateSubject = { labels: ReadonlyMap<string, string>; value: number };

/** The longest text that a template gives. */
const MOST_TEXT = 2_000;

const eachCommand = (pipeline: Pipeline): [Command, number][] =>
  pipeline.flatMap((command, n): [Command, number][] => [
    [command, n > 0 ? 1 : 0],
    ...command.flatMap((operand) => (operand.kind === "pipeline" ? eachCommand(operand.pipeline) : [])),
  ]);

function assertCalls(pipeline: Pipeline): void {
  for (const [command, piped] of eachCommand(pipeline)) {
    for (const [n, operand] of command.entries()) {
      if (operand.kind !== "call") continue;
      const called = FUNCTIONS.get(operand.name);
      if (!called) throw templateError(`the function ${operand.name} is not supported in templates`);
      const given = n === 0 ? command.length - 1 + piped : 0;
      if (given < called.least || given > called.most)
        throw templateError(`${operand.name} has a wrong number of arguments`);
    }
  }
}

function assertNodes(nodes: TemplateNode[]): void {
  for (const node of nodes) {
    if (node.kind === "output") assertCalls(node.pipeline);
    if (node.kind !== "if") continue;
    for (const { when, nodes: inner } of node.branches) {
      if (when) assertCalls(when);
      assertNodes(inner);
    }
  }
}

/** A template of a label or an annotation, as Prometheus' rules have them. It is read once, and never run as code. */
export class Template {
  readonly #nodes: TemplateNode[];

  /** @throws DomainError validation, naming what is not supported */
  constructor(text: string) {
    this.#nodes = parseTemplate(text);
    assertNodes(this.#nodes);
  }

  /** The text for an element, at most 2,000 characters; what fails is said in it, as in Prometheus. */
  expand(subject: TemplateSubject): string {
    try {
      const text = expandNodes(this.#nodes, subject);
      return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text;
    } catch (error) {
      return `<error expanding template: ${reasonOf(error)}>`;
    }
  }
}

function expandNodes(nodes: TemplateNode[], subject: TemplateSubject): string {
  let text = "";
  for (const node of nodes) {
    if (node.kind === "text") text += node.text;
    else if (node.kind === "output") text += printValue(evaluate(node.pipeline, subject));
    else {
      const branch = node.branches.find(({ when }) => when === null || isTrue(evaluate(when, subject)));
      if (branch) text += expandNodes(branch.nodes, subject);
    }
  }
  return text;
}

/** The value of a pipeline: what comes out of a command is the last argument of the next. */
function evaluate(pipeline: Pipeline, subject: TemplateSubject): TemplateValue {
  let result: TemplateValue | undefined;
  for (const [first, ...rest] of pipeline) {
    const args = [...rest.map((operand) => operandValue(operand, subject)), ...(result === undefined ? [] : [result])];
    result = first?.kind === "call" ? call(first.name, args) : operandValue(first as Operand, subject);
  }
  return result as TemplateValue;
}

function call(name: string, args: TemplateValue[]): TemplateValue {
  const called = FUNCTIONS.get(name);
  if (!called) throw templateError(`the function ${name} is not supported in templates`);
  const result = called.run(...args);
  if (typeof result === "string") assertLength(result);
  return result;
}

function operandValue(operand: Operand, subject: TemplateSubject): TemplateValue {
  switch (operand.kind) {
    case "literal":
      return operand.value;
    case "labels":
      return subject.labels;
    case "label":
      return subject.labels.get(operand.name) ?? "";
    case "value":
      return subject.value;
    case "call":
      return call(operand.name, []);
    case "pipeline":
      return evaluate(operand.pipeline, subject);
  }
}
