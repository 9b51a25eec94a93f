import { formatText } from "#lib/format/value.ts";
import type { Evidence } from "#lib/insights/evidence.ts";
import { postJson } from "#lib/notify/outgoing.ts";

/** What is to be put into words: a title, what a rule says of it, and the figures that it rests on. */
export type Matter = { title: string; why: string; evidence: Evidence[] };

export type Worded = { text: string; by: "rules" | "model"; refused?: string };

/** An OpenAI-compatible endpoint, such as https://host/v1; `redact` sends marks in the place of names and figures. */
export type WordingService = { url: string; model: string; key: string | undefined; redact: boolean };

const LIMIT_MS = 15_000;
/** More than three sentences take, with all that services put around them. */
const MAX_ANSWER_BYTES = 256 * 1024;

const figureText = ({ value, unit, rate = false }: Evidence) => formatText(value, unit, rate);

/** Plain words by rules, with every figure of the evidence. */
export function wordByRules({ title, why, evidence }: Matter): string {
  const figures = evidence.map((figure) => `${figure.label.toLowerCase()} ${figureText(figure)}`);
  return `${title}: ${why.charAt(0).toLowerCase()}${why.slice(1)} (${figures.join(", ")}).`;
}

const NUMBER = /\d+(?:[.,]\d+)*/g;
const plain = (text: string) => Number(text.replaceAll(",", ""));

/** The figures in a text that stand in none of the evidence; empty for one that invents nothing. */
export function inventedFigures(text: string, { title, why, evidence }: Matter): string[] {
  const given = [
    title,
    why,
    ...evidence.flatMap((figure) => [figure.label, figureText(figure), String(figure.value)]),
  ].join(" ");
  const allowed = new Set((given.match(NUMBER) ?? []).map(plain));
  return (text.match(NUMBER) ?? []).filter((number) => !allowed.has(plain(number)));
}

function prompt(matter: Matter, redact: boolean): string {
  const evidence = matter.evidence.map((figure, n) => ({
    figure: figure.label,
    value: redact ? `F${n + 1}` : figureText(figure),
    series: redact ? `series ${String.fromCharCode(65 + n)}` : figure.series,
  }));
  return JSON.stringify({ matter: redact ? matter.why : `${matter.title}. ${matter.why}`, evidence });
}

/** Puts the figures in the place of the marks that were sent for them. */
const unmasked = (text: string, { evidence }: Matter): string =>
  text.replace(/\bF(\d+)\b/g, (mark, n) => {
    const figure = evidence[Number(n) - 1];
    return figure ? figureText(figure) : mark;
  });

const RULES =
  "You explain a monitoring finding to an administrator in at most three plain sentences. Use only the figures given, exactly as written; " +
  "never compute, round or add a figure.";

async function ask(service: WordingService, matter: Matter): Promise<string> {
  const question = {
    model: service.model,
    temperature: 0,
    messages: [
      { role: "system", content: RULES },
      { role: "user", content: prompt(matter, service.redact) },
    ],
  };
  const headers = service.key ? { authorization: `Bearer ${service.key}` } : undefined;
  const answer = await postJson(`${service.url.replace(/\/$/, "")}/chat/completions`, question, {
    ...{ trust: "administrator", limitMs: LIMIT_MS, maxBytes: MAX_ANSWER_BYTES },
    ...(headers && { headers }),
  });
  if (answer.status < 200 || answer.status > 299) throw new Error(`the service answered ${answer.status}`);
  const body = JSON.parse(answer.text) as { choices?: { message?: { content?: string } }[] };
  const text = body.choices?.[0]?.message?.content?.trim();
  if (!text) throw new Error("the service answered without a text");
  return service.redact ? unmasked(text, matter) : text;
}

/** Words for a matter: the service's where there is one and each of its figures stands in the evidence, else by rules. */
export async function wordMatter(matter: Matter, service: WordingService | undefined): Promise<Worded> {
  const byRules = { text: wordByRules(matter), by: "rules" as const };
  if (!service) return byRules;
  try {
    const text = await ask(service, matter);
    const invented = inventedFigures(text, matter);
    return invented.length > 0
      ? { ...byRules, refused: `the service wrote figures that no evidence holds: ${invented.join(", ")}` }
      : { text, by: "model" };
  } catch (error) {
    return { ...byRules, refused: (error as Error).message };
  }
}
