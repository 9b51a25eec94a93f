/** Something that happened at an instant (ms), as a chart writes it above its line. */
export type TimeMark = { at: number; text: string };
