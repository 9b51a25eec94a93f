const BY_UCUM: Record<string, string> = {
  By: "bytes",
  s: "seconds",
  "%": "percent",
  Cel: "celsius",
  "1": "count",
  "": "count",
};

/** The unit that a figure of a foreign metric is shown in: UCUM's bytes, seconds and counts as our own; others stay. */
export const displayUnit = (unit: string): string => BY_UCUM[unit] ?? (/^\{.*\}$/.test(unit) ? "count" : unit);
