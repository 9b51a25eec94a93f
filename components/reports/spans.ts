/** Periods of a report, in days. */
export const SPANS = [
  { value: "1", title: "Past 24 hours" },
  { value: "7", title: "Past 7 days" },
  { value: "30", title: "Past 30 days" },
  { value: "90", title: "Past 90 days" },
];
