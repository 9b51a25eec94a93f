/** How an input takes what others measured. */
export const INPUT_KINDS = ["remote_write", "otlp", "scrape"] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

/** Why samples of an input are dropped. */
export type DropReason =
  | "series_limit"
  | "ahead_of_clock"
  | "too_old"
  | "invalid_time"
  | "invalid_name"
  | "too_many_labels"
  | "labels_too_long"
  | "native_histogram"
  | "exemplar"
  | "invalid_point"
  | "already_counted"
  | "invalid_span";

/** The reasons that are no fault of the sender's: it sends what is not kept by anybody's choice. */
export const EXPECTED_DROPS: readonly string[] = ["exemplar"] satisfies DropReason[];
