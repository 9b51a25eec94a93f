import { clearSeason, SEASON_SIZE, season } from "#lib/anomalies/season.ts";
import { LONGEST_WINDOW, MEANS, observe, restart, STREAM_SIZE, WINDOWS } from "#lib/anomalies/windows.ts";
import type { AnomalyType, Direction } from "#lib/contract/enums.ts";

/** The evidence at which an event begins at normal sensitivity: decades of surprise, averaged over all windows. */
export const ALERT_THRESHOLD = 1.15;

/** How much more a sure stream weighs than two that are half as sure: 1 would be their mean, 2 their root mean square. */
const POWER = 1.5;

/** What the windows are of: how far samples lie from their slow level, from the usual of the time of day, and of the hour of the week. */
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

/** What a sample was judged to be. `score` lies in [0, 1); 0.5 is where an event begins. `evidence` is what it comes from, in decades. */
export type Judgement = { score: number; evidence: number; phase: Phase };

/** What was expected of the latest sample, how far samples usually lie from that, and since when (ms) that was learned. */
export type Expectation = { expected: number; deviation: number; since: number };

/** What a detector can say of a series; a threshold is not its business. */
export type LearnedAnomalyType = Exclude<AnomalyType, "threshold" | "no_data">;
/** What kind of event the windows see; `record` when nothing as extreme is remembered. */
export type Explanation = Expectation & { type: LearnedAnomalyType; direction: Direction; record: boolean };

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

/** Evidence (decades) as a score in [0, 1) that is 0.5 at the alert threshold. */
export const anomalyScore = (evidence: number, alertThreshold: number): number => 1 - 2 ** (-evidence / alertThreshold);

/** The windows of 1, 2 and 4 samples: what only they find unusual is sudden. */
const SHORT_WINDOWS = 3;

/** Sums of the signed surprises (decades) of some windows: of all streams, and of the series as it is, without its seasons. */
type SurpriseSums = { means: number; ownMeans: number; shortMeans: number; spreads: number };

const sumBetween = (surprises: Float32Array, from: number, to: number): number =>
  surprises.subarray(from, to).reduce((total, surprise) => total + surprise, 0);

/** The type of an event, by which windows contribute most to its surprise. */
function classify({ means, ownMeans, shortMeans, spreads }: SurpriseSums): LearnedAnomalyType {
  if (Math.abs(spreads) > Math.abs(means)) return spreads > 0 ? "erratic" : "flat";
  if (Math.abs(ownMeans) < Math.abs(means) / 8) return "seasonal";
  return Math.abs(means - shortMeans) > Math.abs(shortMeans) ? "shift" : "spike";
}

/**
 * Learns one series: what it learns and what it says of a sample depend on the samples before it only. It looks at the
 * series at every scale from 1 to 64 samples, at level and spread, as it is and less its seasons, and asks of each window how
 * rare its statistic is (conformal p-value). One window alone is extreme now and then; that many are at once is rare, so their
 * mean surprise is the evidence. Nothing is fitted and no distribution assumed.
 */
export class Detector {
  #state = new Float32Array(STATE_SIZE);
  #clock: Clock = { ...NEW };
  #surprises = Array.from({ length: STREAMS }, () => new Float32Array(WINDOWS));
  #expected = 0;

  constructor() {
    clearSeason(this.#state, SEASON_AT);
  }

  /** Time of the newest sample taken in, in ms; 0 before the first. */
  get last(): number {
    return this.#clock.last;
  }

  /**
   * Takes in a sample and judges it. `time` in ms, local to the series' zone; `alertThreshold` is the evidence at which an event begins;
   * `seasonal` false judges the value alone.
   * An event lasts until no sample has reached that for as long as the longest window: what follows is the same event.
   */
  observe(time: number, sample: number, { alertThreshold = ALERT_THRESHOLD, seasonal = true } = {}): Judgement {
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
    const experience = clock.count / (clock.count + LONGEST_WINDOW);
    const evidence = Math.max(this.#surprise(seasonal ? STREAMS : 1) * experience, this.#stuck(sample));
    const wasRunning = this.#running();
    if (evidence >= alertThreshold) clock.eventUntil = clock.count + LONGEST_WINDOW;
    const phase = wasRunning ? "running" : evidence >= alertThreshold ? "onset" : "quiet";
    return { score: anomalyScore(evidence, alertThreshold), evidence, phase };
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
      } else clock.interval += (pause - clock.interval) * (clock.interval === 0 ? 1 : 1 / LONGEST_WINDOW);
    }
    // What was learned by a clock that was ahead began no later than what comes now.
    clock.since = Math.min(clock.since, time);
    clock.last = time;
    clock.count++;
  }

  #judge(stream: number, sample: number): void {
    const surprises = this.#surprises[stream] as Float32Array;
    if (Number.isNaN(sample)) surprises.fill(0);
    else observe(this.#state, stream * STREAM_SIZE, sample, surprises);
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
    const long = Math.max(LONGEST_WINDOW, 3 * clock.longestRun);
    return clock.runs < LONGEST_WINDOW || clock.run < long ? 0 : (ALERT_THRESHOLD * clock.run) / long;
  }

  /** The surprise of each stream's windows on average, and of those the power mean: one stream that is sure may do. */
  #surprise(streams: number): number {
    let powers = 0;
    for (let stream = 0; stream < streams; stream++) {
      const surprises = this.#surprises[stream] as Float32Array;
      let total = 0;
      for (let window = 0; window < WINDOWS; window++) total += Math.abs(surprises[window] as number);
      powers += (total / WINDOWS) ** POWER;
    }
    return (powers / streams) ** (1 / POWER);
  }

  /** Level and usual distance, so that a single wild sample moves neither far. */
  #learn(sample: number, expected: number): void {
    const clock = this.#clock;
    this.#expected = clock.count === 1 ? sample : expected;
    const distance = Math.abs(sample - this.#expected);
    const fair =
      clock.count > LONGEST_WINDOW && clock.deviation > 0 ? Math.min(distance, 4 * clock.deviation) : distance;
    clock.level += (sample - clock.level) * Math.max(1 / clock.count, 1 / LONGEST_WINDOW);
    clock.slow += (sample - clock.slow) * Math.max(1 / clock.count, 1 / SLOW);
    clock.deviation += (fair - clock.deviation) * Math.max(1 / clock.count, 1 / (8 * LONGEST_WINDOW));
  }

  /** What was expected of the latest sample, from the samples before it. */
  expectation(): Expectation {
    return { expected: this.#expected, deviation: this.#clock.deviation, since: this.#clock.since };
  }

  /** Which windows found the latest sample unusual, as a type and a direction. */
  explain(): Explanation {
    const [own, ...residuals] = this.#surprises as [Float32Array, Float32Array, Float32Array];
    const all = (from: number, to: number) =>
      [own, ...residuals].reduce((total, surprises) => total + sumBetween(surprises, from, to), 0);
    const sums: SurpriseSums = {
      means: all(0, MEANS.length),
      ownMeans: sumBetween(own, 0, MEANS.length),
      shortMeans: all(0, SHORT_WINDOWS),
      spreads: all(MEANS.length, WINDOWS),
    };
    const highest = Math.log10(this.#clock.count + 1) - 0.01;
    const record = this.#surprises.some((surprises) => surprises.some((surprise) => Math.abs(surprise) >= highest));
    const type = this.#clock.run >= LONGEST_WINDOW ? "flat" : classify(sums);
    return { ...this.expectation(), type, direction: sums.means >= 0 ? "up" : "down", record };
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
