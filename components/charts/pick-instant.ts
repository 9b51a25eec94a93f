/** What a click on a chart, or Enter at its crosshair, does with the instant (ms) there; `hint` says so. */
export type PickInstant = { hint: string; onPick: (at: number) => void };
