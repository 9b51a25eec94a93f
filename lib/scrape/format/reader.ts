import type { FamilyMetadata } from "#lib/inputs/remote-write/metadata.ts";

/** A sample as a target exposes it. `key` is its name with labels as they were written; `at` in ms since 1970, where the target says when. */
export type ExposedSample = { key: string; value: number; at: number | undefined };

/** What a target says of a family of metrics, a part at a time. */
type ExposedMetadata = { family: string } & Partial<FamilyMetadata>;

/** What hears of a body, line by line. */
export type ExpositionReader = {
  sample(sample: ExposedSample): void;
  metadata(metadata: ExposedMetadata): void;
  /** An exemplar, which is not kept. */
  exemplar(): void;
};
