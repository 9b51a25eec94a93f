/** What processes are shown of: now and on, or the average from one instant to another, ms. */
export type Moment = "now" | { from: number; to: number };

const SPAN = /^(\d{1,15})-(\d{1,15})$/;

/** A moment as a page's address has it; null of any other text. */
export function parseMoment(text: string): Moment | null {
  if (text === "now") return "now";
  const [, from, to] = SPAN.exec(text) ?? [];
  return from && to && Number(to) > Number(from) ? { from: Number(from), to: Number(to) } : null;
}

/** A moment as text for an address. */
export const momentText = (moment: Moment): string => (moment === "now" ? "now" : `${moment.from}-${moment.to}`);
