import { reading, type Sensor } from "#lib/collect/sensor.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { Reading } from "#lib/metrics/frame.ts";
import { LATE, within } from "#lib/time/within.ts";

type State = { sensor: Sensor; inFlight: boolean; failing: boolean; failures: number; last: Reading[] };

/**
 * Reads all sensors at once, each under the time limit. A sensor that fails, or hangs, or still hangs from the cycle
 * before, gives its last known series without values; the others are not touched.
 */
export class Cycle {
  readonly #states: State[];
  readonly #limitMs: number;

  constructor(sensors: Sensor[], limitMs: number) {
    this.#states = sensors.map((sensor) => ({ sensor, inFlight: false, failing: false, failures: 0, last: [] }));
    this.#limitMs = limitMs;
  }

  async run(): Promise<Reading[]> {
    const parts = await Promise.all(this.#states.map((state) => this.#read(state)));
    const failures = this.#states.map((s) => reading("collector.failures", s.failures, { sensor: s.sensor.name }));
    return [...parts.flat(), ...failures];
  }

  async #read(state: State): Promise<Reading[]> {
    if (state.inFlight) return this.#fail(state, "still hangs from the cycle before");
    state.inFlight = true;
    // In a promise from the start, so that a sensor that throws at once is caught like one that rejects.
    const answer = Promise.resolve()
      .then(() => state.sensor.read())
      .finally(() => {
        state.inFlight = false;
      });
    try {
      const outcome = await within(answer, this.#limitMs);
      if (outcome === LATE) return this.#fail(state, `took longer than ${this.#limitMs} ms`);
      if (state.failing) log.info({ sensor: state.sensor.name }, "sensor works again");
      state.failing = false;
      state.last = outcome;
      return outcome;
    } catch (error) {
      return this.#fail(state, reasonOf(error));
    }
  }

  #fail(state: State, reason: string): Reading[] {
    state.failures += 1;
    if (!state.failing) log.warn({ sensor: state.sensor.name, reason }, "sensor gave nothing");
    state.failing = true;
    return state.last.map((r) => ({ ...r, value: null }));
  }
}
