import * as z from "zod";

// What is said of a wrong field where its schema says nothing itself: the remedy, in words that a reader of a form understands too.

const TYPES: Record<string, string> = {
  string: "Enter text",
  number: "Enter a number",
  int: "Enter a whole number",
  boolean: "Use true or false",
  array: "Use a list",
  object: "Use an object",
  record: "Use an object",
  date: "Use an instant, such as 2026-11-24T09:00:00Z",
};

const FORMATS: Record<string, string> = {
  email: "Enter an email address",
  url: "Enter a URL",
  datetime: "Use an instant, such as 2026-11-24T09:00:00Z",
  uuid: "Use an id as the API answers it",
};

/** "at least 1 item", "at most 100 characters", "at least 0.04". */
function sizeText(limit: number | bigint, origin: string): string {
  const plural = (noun: string) => `${limit} ${noun}${Number(limit) === 1 ? "" : "s"}`;
  if (origin === "string") return plural("character");
  return origin === "array" || origin === "set" ? plural("item") : String(limit);
}

/** The message of an issue, without its field. */
function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return `${issue.input === undefined ? "Required. " : ""}${TYPES[issue.expected] ?? `Use a value of type ${issue.expected}`}`;
    case "too_small":
      return `Use ${issue.inclusive === false ? "more than" : "at least"} ${sizeText(issue.minimum, issue.origin)}`;
    case "too_big":
      return `Use ${issue.inclusive === false ? "less than" : "at most"} ${sizeText(issue.maximum, issue.origin)}`;
    case "invalid_value":
      return `Use ${issue.values.length > 1 ? "one of: " : ""}${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      return FORMATS[issue.format] ?? "The format is wrong";
    case "invalid_union":
      return issue.input === undefined ? "Required" : "The value has none of the allowed forms";
    default:
      return undefined;
  }
}

z.config({ customError: messageOf });
