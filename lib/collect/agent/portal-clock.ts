import { type Clocks, SYSTEM_CLOCKS } from "#lib/time/clock.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** Clocks that differ by less are left as they are: time servers see to them, and an answer's way takes time. */
const SAME_MS = 5 * SECOND_MS;
/** An answer that took longer says nothing of clocks. */
const SLOW_MS = 2 * SECOND_MS;

/** This machine's clock, corrected where it is far from the portal's, so that what is measured now is shown now. */
export class PortalClock implements Clocks {
  readonly #clocks: Clocks;
  #offsetMs: number;

  constructor(offsetMs = 0, clocks: Clocks = SYSTEM_CLOCKS) {
    this.#offsetMs = offsetMs;
    this.#clocks = clocks;
  }

  /** What is added to this machine's clock, ms. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): number {
    return this.#clocks.now() + this.#offsetMs;
  }

  /** What this machine's clock shows, uncorrected. */
  ownTime(): number {
    return this.#clocks.now();
  }

  monotonic(): number {
    return this.#clocks.monotonic();
  }

  /** Learns from an answer that came `tookMs` after its request what the portal's clock showed; answers whether the correction changed. */
  learn(portalNow: number, tookMs: number): boolean {
    if (tookMs > SLOW_MS) return false;
    const measured = Math.round(portalNow - (this.#clocks.now() - tookMs / 2));
    if (Math.abs(measured - this.#offsetMs) < SAME_MS) return false;
    this.#offsetMs = Math.abs(measured) < SAME_MS ? 0 : measured;
    return true;
  }
}
