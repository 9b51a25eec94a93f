import type { FamilyMetadata } from "#lib/inputs/remote-write/metadata.ts";
import { ExpositionError } from "#lib/scrape/format/exposition-error.ts";
import { parseNumber } from "#lib/scrape/format/number.ts";
import type { ExpositionReader } from "#lib/scrape/format/reader.ts";
import { endOfKey, endOfLabels, type KeyRules } from "#lib/scrape/format/series-key.ts";

const RULES: KeyRules = { spaces: false, lastComma: false, lines: false };
const METADATA = /^# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/;
const REST = /^ ([^ ]+)(?: ([^ #][^ ]*))?(?: # (\{.*))?$/;
const EXEMPLAR = /^ ([^ ]+)(?: ([^ ]+))?$/;
const NAMES = "counter gauge histogram gaugehistogram summary info stateset unknown";
const TYPES: readonly string[] = NAMES.split(" ");
const ESCAPES: Record<string, string> = { "\\\\": "\\", '\\"': '"', "\\n": "\n" };

/** Whether a content type says that a body is OpenMetrics. */
export const isOpenMetrics = (contentType: string): boolean =>
  contentType.split(";")[0]?.trim().toLowerCase() === "application/openmetrics-text";

/** Reads OpenMetrics 1.0, which ends in `# EOF`, a line at a step. @throws ExpositionError that names the broken line */
export function* parseOpenMetrics(body: string, reader: ExpositionReader): Generator<undefined> {
  let at = 0;
  for (let line = 1; ; line++) {
    yield;
    if (at >= body.length) throw new ExpositionError(line, "the end (# EOF) is missing", "");
    const found = body.indexOf("\n", at);
    const end = found === -1 ? body.length : found;
    const text = body.slice(at, end);
    at = end + 1;
    if (text === "# EOF") {
      if (at < body.length) throw new ExpositionError(line + 1, "nothing may follow # EOF", body.slice(at, at + 100));
      return;
    }
    if (text.startsWith("#")) readMetadata(text, line, reader);
    else readSample(text, line, reader);
  }
}

function readMetadata(text: string, line: number, reader: ExpositionReader): void {
  const [, word, family = "", about = ""] = METADATA.exec(text) ?? [];
  if (word === "HELP") {
    const help = about.replaceAll(/\\[\\"n]/g, (pair) => ESCAPES[pair] ?? pair);
    reader.metadata({ family, help });
  } else if (word === "TYPE") {
    if (!TYPES.includes(about)) throw new ExpositionError(line, `${JSON.stringify(about)} is no type`, text);
    reader.metadata({ family, type: about as FamilyMetadata["type"] });
  } else if (word === "UNIT") {
    if (about !== "" && !family.endsWith(`_${about}`))
      throw new ExpositionError(line, "the metric's name should end in its unit", text);
    reader.metadata({ family, unit: about });
  } else throw new ExpositionError(line, "HELP, TYPE, UNIT or EOF should follow #", text);
}

function readSample(text: string, line: number, reader: ExpositionReader): void {
  const key = endOfKey(text, 0, RULES);
  if ("problem" in key) throw new ExpositionError(line, key.problem, text);
  const sample = REST.exec(text.slice(key.end));
  const value = sample && parseNumber(sample[1] ?? "");
  if (!sample || typeof value !== "number")
    throw new ExpositionError(line, "a number, and perhaps a time in seconds, should follow", text);
  const [time, exemplar] = [sample[2], sample[3]];
  const seconds = time === undefined ? undefined : parseNumber(time);
  if (time !== undefined && !Number.isFinite(seconds)) throw new ExpositionError(line, "its time is no number", text);
  if (exemplar !== undefined) readExemplar(exemplar, line, reader);
  reader.sample({
    key: text.slice(0, key.end),
    value,
    at: seconds === undefined ? undefined : Math.trunc(seconds * 1_000),
  });
}

function readExemplar(text: string, line: number, reader: ExpositionReader): void {
  const labels = endOfLabels(text, 1, RULES, (at) => at);
  if ("problem" in labels) throw new ExpositionError(line, labels.problem, text);
  const [, value = "", time] = EXEMPLAR.exec(text.slice(labels.end)) ?? [];
  if (parseNumber(value) === undefined || (time !== undefined && parseNumber(time) === undefined))
    throw new ExpositionError(line, "an exemplar has a number, and perhaps a time, after its labels", text);
  reader.exemplar();
}
