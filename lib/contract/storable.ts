/** Whether PostgreSQL and JSON take a text: neither U+0000 nor half of a surrogate pair is in it. */
export const isStorable = (text: string): boolean => !text.includes("\u0000") && text.isWellFormed();

/** A text without what cannot be stored, of at most `max` characters. */
export const storable = (text: string, max = Number.POSITIVE_INFINITY): string =>
  text.replaceAll("\u0000", "").slice(0, max).toWellFormed();
