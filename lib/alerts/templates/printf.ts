import { type FloatVerb, formatFloat } from "#lib/alerts/templates/go-numbers.ts";
import { printValue, type TemplateValue } from "#lib/alerts/templates/values.ts";

const MOST_WIDTH = 200;

function typeName(value: TemplateValue): string {
  if (typeof value === "object") return "map[string]string";
  return { number: "float64", bigint: "int", boolean: "bool", string: "string" }[typeof value as "string"];
}

const mismatched = (verb: string, value: TemplateValue): string => `%!${verb}(${typeName(value)}=${printValue(value)})`;

type Flags = { flags: string; precision: number | undefined };

function ofFloat(verb: string, value: number, { flags, precision }: Flags): string {
  if (!/[eEfFgGv]/.test(verb)) return mismatched(verb, value);
  const text = formatFloat(value, (verb === "v" ? "g" : verb.toLowerCase()) as FloatVerb, precision);
  const signed = flags.includes("+") ? `+${text.replace(/^\+/, "")}`.replace(/^\+-/, "-") : text;
  const cased = /[EG]/.test(verb) ? signed.replace("e", "E") : signed;
  if (flags.includes("+") || !Number.isFinite(value) || value < 0 || !flags.includes(" ")) return cased;
  return ` ${cased}`;
}

function ofInteger(verb: string, value: bigint, { flags }: Flags): string {
  const sign = value >= 0n && flags.includes("+") ? "+" : "";
  if (verb === "d" || verb === "v") return sign + String(value);
  if (verb === "x" || verb === "X") return verb === "x" ? value.toString(16) : value.toString(16).toUpperCase();
  return mismatched(verb, value);
}

function ofText(verb: string, text: string, { precision }: Flags): string {
  if (verb === "q") return JSON.stringify(text);
  if (verb !== "s" && verb !== "v") return mismatched(verb, text);
  return precision === undefined ? text : [...text].slice(0, precision).join("");
}

function written(verb: string, value: TemplateValue, flags: Flags): string {
  if (typeof value === "number") return ofFloat(verb, value, flags);
  if (typeof value === "bigint") return ofInteger(verb, value, flags);
  if (typeof value === "string") return ofText(verb, value, flags);
  const verbs = typeof value === "boolean" ? "tv" : "sv";
  return verbs.includes(verb) ? printValue(value) : mismatched(verb, value);
}

function padded(text: string, flags: string, width: number, isNumber: boolean): string {
  const length = Math.min(width, MOST_WIDTH);
  if (flags.includes("-")) return text.padEnd(length);
  if (!flags.includes("0") || !isNumber || /Inf|NaN/.test(text)) return text.padStart(length);
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return sign + text.slice(sign.length).padStart(length - sign.length, "0");
}

/** A text by a format of Go's fmt. */
export function printf(format: string, args: TemplateValue[]): string {
  let next = 0;
  const text = format.replace(
    /%([-+ 0#]*)(\d*)(?:\.(\d*))?([a-zA-Z%])/g,
    (_, flags: string, width: string, precision: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      const value = args[next++];
      if (value === undefined) return `%!${verb}(MISSING)`;
      const places = precision === undefined ? undefined : Math.min(MOST_WIDTH, Number(precision || 0));
      return padded(
        written(verb, value, { flags, precision: places }),
        flags,
        Number(width || 0),
        typeof value !== "string",
      );
    },
  );
  const extra = args.slice(next).map((value) => `${typeName(value)}=${printValue(value)}`);
  return extra.length > 0 ? `${text}%!(EXTRA ${extra.join(", ")})` : text;
}
