import * as z from "zod";
import { readDuration } from "#lib/promql/syntax/literals.ts";

// YAML is read without types, so that `regex: 1.0` stays the text that Prometheus takes it for: what is a number or a truth is read from its text here.

const UNITS_MS = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** A duration of ms in Prometheus' words. */
export function durationWords(ms: number): string {
  let rest = ms;
  const parts = Object.entries(UNITS_MS).map(([unit, size]) => {
    // Years and weeks only where they say all of it.
    if ((unit === "y" || unit === "w") && rest % size !== 0) return "";
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? `${count}${unit}` : "";
  });
  return parts.join("") || "0s";
}

const SIZE = /^(\d+(?:\.\d+)?)(B|KB|KiB|MB|MiB|GB|GiB)?$/;
const POWERS: Record<string, number> = { B: 0, K: 1, M: 2, G: 3 };

/** Bytes; undefined for what is none. KB and KiB are both 1,024, as in Prometheus. */
function parseSize(text: string): number | undefined {
  const [, count, unit = "B"] = SIZE.exec(text) ?? [];
  return count === undefined ? undefined : Math.floor(Number(count) * 1024 ** (POWERS[unit[0] ?? "B"] ?? 0));
}

const parsed = <T>(read: (text: string) => T | undefined, message: string) =>
  z.string(message).transform((text, context) => {
    const value = read(text);
    if (value === undefined) context.addIssue({ code: "custom", message });
    return value ?? z.NEVER;
  });

/** A duration between two of ms. */
export const duration = (least: number, most: number) =>
  parsed(readDuration, "Write a duration, such as 15s or 1m30s").refine((ms) => ms >= least && ms <= most, {
    error: `At least ${durationWords(least)} and at most ${durationWords(most)}`,
  });

/** A size in bytes. */
export const size = parsed(parseSize, "Write a size, such as 512KB or 10MB");

/** true or false. */
export const truth = parsed((text) => ({ true: true, false: false })[text], "Write true or false");

/** A whole number from 0 to a most. */
export const count = (most: number) =>
  parsed((text) => (/^\d{1,10}$/.test(text) ? Number(text) : undefined), "Write a whole number").refine(
    (number) => number <= most,
    { error: `At most ${most}` },
  );

/** What is left empty in YAML is left out. */
export const unlessEmpty = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());
