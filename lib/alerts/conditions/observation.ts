/** What an evaluation of a rule found for one set of labels, at one instant. `recovered` is the resolve level's: between both levels neither holds. */
export type Observation =
  | { kind: "value"; value: number; breached: boolean; recovered: boolean }
  | { kind: "no_data" }
  | { kind: "error"; message: string };
