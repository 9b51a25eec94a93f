/**
 * The name that PromQL has for a metric or a label of the store: each character that is not a letter, digit or underscore (in a metric's name a colon
 * too) becomes an underscore, and so does a digit at the start. `cpu.usage` is cpu_usage; a name that is legal stays as it is.
 */
export const legalMetric = (name: string): string => name.replace(/[^a-zA-Z0-9_:]|^[0-9]/gu, "_");

/** The name of a label, as legalMetric makes those of metrics. */
export const legalLabel = (name: string): string => name.replace(/[^a-zA-Z0-9_]|^[0-9]/gu, "_");

/** A pattern of SQL's LIKE for all names that become a legal one: an underscore there stands for any character. */
export const likeLegal = (name: string): string => name.replace(/[%\\]/g, "\\$&");
