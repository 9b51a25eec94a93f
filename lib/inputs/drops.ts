import { EXPECTED_DROPS } from "#lib/contract/input-names.ts";

/** Samples that are not stored for one reason, with an example of what they were. */
export type Drop = { reason: string; samples: number; example: string };

/** Those that somebody should do something about. */
export const unexpected = (drops: Drop[]): Drop[] => drops.filter(({ reason }) => !EXPECTED_DROPS.includes(reason));

/** Collects what is dropped of a request. */
export class Drops {
  readonly #byReason = new Map<string, Drop>();

  /** Counts samples, or what else is dropped; the first example of a reason is kept. */
  add(reason: string, samples: number, example: () => string): void {
    const drop = this.#byReason.get(reason);
    if (drop) drop.samples += samples;
    else this.#byReason.set(reason, { reason, samples, example: example().slice(0, 500) });
  }

  list(): Drop[] {
    return [...this.#byReason.values()];
  }
}
