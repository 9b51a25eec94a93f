/** How far back a report looks, in days. */
export const SPANS = [
  { value: "1", title: "Past day" },
  { value: "7", title: "Past week" },
  { value: "30", title: "Past 30 days" },
  { value: "90", title: "Past 90 days" },
];
