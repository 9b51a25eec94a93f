import type { Observation } from "#lib/alerts/conditions/observation.ts";
import type { AlertFallback } from "#lib/contract/enums.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/**
 * How long a condition must hold and how long it outlasts its end (ms), and what no data and an error mean. `calmMs` is how long an alert that flaps
 * must be well; default: ten minutes.
 */
export type Timing = {
  forMs: number;
  keepFiringMs: number;
  noData: AlertFallback;
  onError: AlertFallback;
  calmMs?: number;
};

type AlertState = "inactive" | "pending" | "firing" | "no_data" | "error";

/**
 * What is known of one instance. Times in ms: `since` its state began, `activeAt` the condition began to hold, `metAt` it held last where it `holds` no
 * more, `seenAt` it was last judged; `fired` when it began to fire, of the past hour. But for `seenAt` nothing changes while nothing happens.
 */
export type AlertMemory = {
  state: AlertState;
  since: number;
  activeAt: number;
  holds: boolean;
  metAt: number;
  seenAt: number;
  fired: number[];
};

/** An instance of which nothing is wrong. */
export const INACTIVE: AlertMemory = {
  state: "inactive",
  since: 0,
  activeAt: 0,
  holds: false,
  metAt: 0,
  seenAt: 0,
  fired: [],
};

/** An instance that began to fire so often within an hour flaps: it goes on firing until it has been well for a while, rather than tell everybody again. */
const FLAPS = 3;
const FLAP_SPAN_MS = HOUR_MS;
const CALM_MS = 10 * MINUTE_MS;

/** After a pause of the evaluation of this length (ms), or of `forMs` where that is longer, nobody knows whether the condition held meanwhile: it begins anew. */
const PAUSE_MS = 10 * MINUTE_MS;

/** Whether an instance changes too often to be believed at once that it is over. */
export const isFlapping = ({ fired }: Pick<AlertMemory, "fired">, at: number): boolean =>
  fired.filter((time) => at - time < FLAP_SPAN_MS).length >= FLAPS;

/** What an observation says of the condition: it holds, neither it nor its end does, it is over, nothing new, or a state of its own. */
type Finding = "met" | "between" | "over" | "same" | "no_data" | "error";

function findingOf(observation: Observation, { noData, onError }: Timing, before: AlertState): Finding {
  if (observation.kind === "value") return observation.breached ? "met" : observation.recovered ? "over" : "between";
  const fallback = observation.kind === "no_data" ? noData : onError;
  if (fallback === "firing") return "met";
  if (fallback === "ok") return "over";
  // What fires goes on: that nothing can be seen does not mean that all is well.
  return fallback === "keep" || before === "firing" ? "same" : observation.kind;
}

/** The memory by a clock that may have been set back since: nothing lies ahead of `at` (ms). */
const upTo = (memory: AlertMemory, at: number): AlertMemory => ({
  ...memory,
  since: Math.min(memory.since, at),
  activeAt: Math.min(memory.activeAt, at),
  metAt: Math.min(memory.metAt, at),
  seenAt: Math.min(memory.seenAt, at),
  fired: memory.fired.filter((time) => time <= at),
});

function enter(memory: AlertMemory, state: AlertState, at: number): AlertMemory {
  if (memory.state === state) return memory;
  const recent = memory.fired.filter((time) => at - time < FLAP_SPAN_MS);
  return { ...memory, state, since: at, fired: state === "firing" ? [...recent, at] : recent };
}

function whileMet(memory: AlertMemory, { forMs }: Timing, at: number): AlertMemory {
  const goesOn = memory.state === "pending" || memory.state === "firing";
  const paused = at - memory.seenAt > Math.max(PAUSE_MS, forMs);
  const began = goesOn && (memory.state === "firing" || !paused) ? memory.activeAt : at;
  const next = { ...memory, activeAt: began, holds: true };
  if (memory.state === "firing" || at - began >= forMs) return enter(next, "firing", at);
  // A pause makes it begin anew, also of what waited already.
  return { ...enter(next, "pending", at), ...(paused ? { since: at } : {}) };
}

function whileOver(memory: AlertMemory, { keepFiringMs, calmMs = CALM_MS }: Timing, at: number): AlertMemory {
  if (memory.state !== "firing") return enter(memory, "inactive", at);
  const keepMs = isFlapping(memory, at) ? Math.max(keepFiringMs, calmMs) : keepFiringMs;
  return at - memory.metAt < keepMs ? memory : enter(memory, "inactive", at);
}

/** Of a condition that held until now it is written down when it held last. */
const released = (memory: AlertMemory): AlertMemory =>
  memory.holds ? { ...memory, holds: false, metAt: memory.seenAt } : memory;

function next(memory: AlertMemory, finding: Finding, timing: Timing, at: number): AlertMemory {
  switch (finding) {
    case "met":
      return whileMet(memory, timing, at);
    case "over":
      return whileOver(released(memory), timing, at);
    case "between":
      return memory.state === "firing" ? released(memory) : enter(released(memory), "inactive", at);
    case "same":
      return memory;
    default:
      return enter(released(memory), finding, at);
  }
}

/**
 * The state of an instance after one more evaluation at `at` (ms). Pure. A clock that was set back lengthens what waits, and ends nothing.
 */
export function judge(memory: AlertMemory, observation: Observation, timing: Timing, at: number): AlertMemory {
  return { ...next(upTo(memory, at), findingOf(observation, timing, memory.state), timing, at), seenAt: at };
}

/**
 * As `judge`, of an element of an expression, by Prometheus' rules: it does not flap, and the time that it outlasts its end begins when it is first
 * found gone.
 */
export function judgeElement(memory: AlertMemory, observation: Observation, timing: Timing, at: number): AlertMemory {
  const isGone = observation.kind === "value" && !observation.breached;
  return judge(isGone ? { ...memory, seenAt: at } : memory, observation, { ...timing, calmMs: 0 }, at);
}
