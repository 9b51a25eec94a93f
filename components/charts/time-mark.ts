/** Something that happened at an instant (ms), as a chart writes it above its line. */
export type TimeMark = { at: number; text: string };

const LONGEST_MARK = 12;

/** What a mark says, as far as there is room. */
export const markText = (text: string): string =>
  text.length > LONGEST_MARK ? `${text.slice(0, LONGEST_MARK - 1)}…` : text;
