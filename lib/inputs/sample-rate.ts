import { DomainError } from "#lib/errors.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** So many seconds' worth of samples may come at once. */
const BURST_S = 10;

/** Holds inputs to as many samples a second as they may send, on average over ten seconds, in this process. */
export class SampleRate {
  readonly #filled = new Map<number, { samples: number; at: number }>();

  /** Takes samples of an input at `now` (ms). @throws DomainError rate-limited, with how long to wait */
  take(hostId: number, samples: number, perSecond: number, now: number): void {
    const most = perSecond * BURST_S;
    const last = this.#filled.get(hostId) ?? { samples: most, at: now };
    const grown = (Math.max(0, now - last.at) / SECOND_MS) * perSecond;
    const free = Math.min(most, last.samples + grown);
    // A request that is larger than all of it passes when nothing was sent for long enough.
    const passes = samples <= free || free === most;
    this.#filled.set(hostId, { samples: passes ? free - samples : free, at: now });
    if (passes) return;
    const seconds = Math.max(1, Math.ceil((Math.min(samples, most) - free) / perSecond));
    throw new DomainError(
      "rate-limited",
      `More than ${perSecond} samples a second: wait ${seconds} s. The limit is set on the page Inputs`,
      { retryAfterSeconds: seconds },
    );
  }
}
