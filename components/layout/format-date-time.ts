const instant = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** An instant as a reader says it, in their own zone. */
export const formatDateTime = (at: string | Date | number): string => instant.format(new Date(at));
