import { clearSeason, SEASON_SIZE, season } from "#lib/anomalies/season.ts";
import { LONGEST, look, MEANS, restart, STREAM_SIZE, VIEWS } from "#lib/anomalies/windows.ts";

/** Evidence that raises an event at normal sensitivity: decades of surprise, averaged over all views. */
export const THRESHOLD = 1.15;

/** How much more a sure stream weighs than two that are half as sure: 1 would be their mean, 2 their root mean square. */
const POWER = 1.5;

/** What the views look at: how far samples lie from their slow level, from the usual of the time of day, and of the hour of the week. */
const STREAMS = 3;
const SEASON_AT = STREAMS * STREAM_SIZE;
const STATE_SIZE = SEASON_AT + SEASON_SIZE;

/** How many samples the slow level remembers: a drift that takes days is followed, so that its records are none. */
const SLOW = 2048;

/** A pause of more than so many usual intervals: the latest stretches are begun anew rather than reach across it. */
const LONG_PAUSE = 16;

const VERSION = 1;

/** Numbers kept with full precision, in their order in a saved state. */
type Clock = {
  version: number;
  /** How many samples were seen, and the times of the first and the last in ms. */
  count: number;
  since: number;
  last: number;
  /** How far samples are apart, in ms. */
  interval: number;
  /** Running means of the latest and of very many samples, and their usual distance from what was expected. */
  level: number;
  slow: number;
  deviation: number;
  /** An event lasts until this count. */
  eventUntil: number;
  /** The latest sample, how often in a row it came, the longest such run that ended, and how many ended. */
  same: number;
  run: number;
  longestRun: number;
  runs: number;
};

type Phase = "quiet" | "onset" | "running";

/** `score` lies in [0, 1); 0.5 is where an event begins. `evidence` is what it was made of, in decades. */
export type Verdict = { score: number; evidence: number; phase: Phase };

/** What was expected of the latest sample, how far samples usually lie from that, and since when (ms) that was learned. */
export type Expectation = { expected: number; deviation: number; since: number };

export type AnomalyType = "spike" | "shift" | "seasonal" | "erratic" | "flat";
type Direction = "up" | "down";

/** What kind of event the views see; `record` when nothing as extreme is remembered. */
export type Explanation = Expectation & { type: AnomalyType; direction: Direction; record: boolean };

const NEW: Clock = {
  version: VERSION,
  count: 0,
  since: 0,
  last: 0,
  interval: 0,
  level: 0,
  slow: 0,
  deviation: 0,
  eventUntil: 0,
  same: Number.NaN,
  run: 0,
  longestRun: 0,
  runs: 0,
};

const KEYS = Object.keys(NEW) as (keyof Clock)[];
const CLOCK_BYTES = KEYS.length * 8;

/** Bytes of a saved state, which is also what a detector takes of memory. */
export const STATE_BYTES = CLOCK_BYTES + STATE_SIZE * 4;

/** Evidence as a score that is 0.5 at the bar and nears 1. */
export const scoreOf = (evidence: number, bar: number): number => 1 - 2 ** (-evidence / bar);

/**
 * Watches one series: what it learns and what it says of a sample depend on the samples before it only. It looks at the
 * series at every scale from 1 to 64 samples, at level and spread, as it is and less its seasons, and asks of each view how
 * rare its figure is (conformal p-value). One view alone is extreme now and then; that many are at once is rare, so their
 * mean surprise is the evidence. Nothing is fitted and no distribution assumed.
 */
export class Detector {
  #state = new Float32Array(STATE_SIZE);
  #clock: Clock = { ...NEW };
  #found = Array.from({ length: STREAMS }, () => new Float32Array(VIEWS));
  #expected = 0;

  constructor() {
    clearSeason(this.#state, SEASON_AT);
  }

  /** Time of the newest sample taken in, in ms; 0 before the first. */
  get last(): number {
    return this.#clock.last;
  }

  /**
   * Takes in a sample and judges it. `time` in ms, local to the series' zone; `bar` is the evidence that raises an event;
   * `seasonal` false judges the value alone.
   * An event lasts until no sample has reached the bar for as long as the longest view: what follows is the same event.
   */
  observe(time: number, sample: number, { bar = THRESHOLD, seasonal = true } = {}): Verdict {
    const clock = this.#clock;
    if (!Number.isFinite(sample)) return { score: 0, evidence: 0, phase: this.#running() ? "running" : "quiet" };
    this.#advance(time, sample);
    const { day, week } = season(this.#state, SEASON_AT, time, sample, clock.since);
    const nearest = Number.isNaN(week) ? day : week;
    this.#judge(0, sample - clock.slow);
    this.#judge(1, sample - day);
    this.#judge(2, sample - nearest);
    this.#learn(sample, Number.isNaN(nearest) || !seasonal ? clock.level : nearest);
    // A short past makes everything look new.
    const known = clock.count / (clock.count + LONGEST);
    const evidence = Math.max(this.#surprise(seasonal ? STREAMS : 1) * known, this.#stuck(sample));
    const wasRunning = this.#running();
    if (evidence >= bar) clock.eventUntil = clock.count + LONGEST;
    const phase = wasRunning ? "running" : evidence >= bar ? "onset" : "quiet";
    return { score: scoreOf(evidence, bar), evidence, phase };
  }

  #running(): boolean {
    return this.#clock.count < this.#clock.eventUntil;
  }

  #advance(time: number, sample: number): void {
    const clock = this.#clock;
    if (clock.count === 0) Object.assign(clock, { since: time, level: sample, slow: sample });
    else if (time > clock.last) {
      const pause = time - clock.last;
      if (clock.interval > 0 && pause > LONG_PAUSE * clock.interval) {
        for (let stream = 0; stream < STREAMS; stream++) restart(this.#state, stream * STREAM_SIZE);
      } else clock.interval += (pause - clock.interval) * (clock.interval === 0 ? 1 : 1 / LONGEST);
    }
    clock.last = time;
    clock.count++;
  }

  #judge(stream: number, sample: number): void {
    const found = this.#found[stream] as Float32Array;
    if (Number.isNaN(sample)) found.fill(0);
    else look(this.#state, stream * STREAM_SIZE, sample, found);
  }

  /** Evidence of a series that always moved and now repeats one value, three times as often as ever. */
  #stuck(sample: number): number {
    const clock = this.#clock;
    if (sample === clock.same) clock.run++;
    else {
      if (clock.run > 0) clock.runs++;
      clock.longestRun = Math.max(clock.longestRun, clock.run);
      clock.run = 1;
      clock.same = sample;
    }
    const long = Math.max(LONGEST, 3 * clock.longestRun);
    return clock.runs < LONGEST || clock.run < long ? 0 : (THRESHOLD * clock.run) / long;
  }

  /** The surprise of each stream's views on average, and of those the power mean: one stream that is sure may do. */
  #surprise(streams: number): number {
    let powers = 0;
    for (let stream = 0; stream < streams; stream++) {
      const found = this.#found[stream] as Float32Array;
      let total = 0;
      for (let view = 0; view < VIEWS; view++) total += Math.abs(found[view] as number);
      powers += (total / VIEWS) ** POWER;
    }
    return (powers / streams) ** (1 / POWER);
  }

  /** Level and usual distance, so that a single wild sample moves neither far. */
  #learn(sample: number, expected: number): void {
    const clock = this.#clock;
    this.#expected = clock.count === 1 ? sample : expected;
    const distance = Math.abs(sample - this.#expected);
    const fair = clock.count > LONGEST && clock.deviation > 0 ? Math.min(distance, 4 * clock.deviation) : distance;
    clock.level += (sample - clock.level) * Math.max(1 / clock.count, 1 / LONGEST);
    clock.slow += (sample - clock.slow) * Math.max(1 / clock.count, 1 / SLOW);
    clock.deviation += (fair - clock.deviation) * Math.max(1 / clock.count, 1 / (8 * LONGEST));
  }

  /** What was expected of the latest sample, from the samples before it. */
  expectation(): Expectation {
    return { expected: this.#expected, deviation: this.#clock.deviation, since: this.#clock.since };
  }

  /** Which views found the latest sample unusual, in words of the trade. */
  explain(): Explanation {
    const [value, ...residuals] = this.#found as [Float32Array, Float32Array, Float32Array];
    const sum = (found: Float32Array, from: number, to: number) =>
      found.subarray(from, to).reduce((total, one) => total + one, 0);
    const all = (from: number, to: number) => [value, ...residuals].reduce((total, f) => total + sum(f, from, to), 0);
    const [means, spreads] = [all(0, MEANS.length), all(MEANS.length, VIEWS)];
    const direction: Direction = means >= 0 ? "up" : "down";
    const bar = Math.log10(this.#clock.count + 1) - 0.01;
    const record = this.#found.some((found) => found.some((one) => Math.abs(one) >= bar));
    const short = all(0, 3);
    const type: AnomalyType =
      this.#clock.run >= LONGEST
        ? "flat"
        : Math.abs(spreads) > Math.abs(means)
          ? spreads > 0
            ? "erratic"
            : "flat"
          : Math.abs(sum(value, 0, MEANS.length)) < Math.abs(means) / 8
            ? "seasonal"
            : Math.abs(means - short) > Math.abs(short)
              ? "shift"
              : "spike";
    return { ...this.expectation(), type, direction, record };
  }

  /** All that was learned, as STATE_BYTES bytes. */
  save(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(STATE_BYTES);
    new Float64Array(bytes.buffer, 0, KEYS.length).set(KEYS.map((key) => this.#clock[key]));
    new Float32Array(bytes.buffer, CLOCK_BYTES).set(this.#state);
    return bytes;
  }

  /** A detector that goes on where the saved one was; undefined for a state of another version. */
  static load(bytes: Uint8Array): Detector | undefined {
    if (bytes.length !== STATE_BYTES) return undefined;
    const own = bytes.slice();
    const clock = new Float64Array(own.buffer, 0, KEYS.length);
    if (clock[0] !== VERSION) return undefined;
    const detector = new Detector();
    KEYS.forEach((key, n) => {
      detector.#clock[key] = clock[n] as number;
    });
    detector.#state.set(new Float32Array(own.buffer, CLOCK_BYTES));
    return detector;
  }
}
