import { runCheck } from "#lib/collect/checks/run-check.ts";
import { Schedule } from "#lib/collect/schedule.ts";
import { reading } from "#lib/collect/sensor.ts";
import type { CheckDefinition, CheckResult } from "#lib/contract/checks.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import type { Trust } from "#lib/notify/outgoing.ts";
import type { Clocks } from "#lib/time/clock.ts";

/** What came of a check, as the frame of a source of its own. */
export function checkFrame(
  { id, name, intervalMs }: Pick<CheckDefinition, "id" | "name" | "intervalMs">,
  at: number,
  { up, reason, durationMs, phases, status, certificateSeconds }: CheckResult,
): Frame {
  const check = { check: name };
  return {
    source: { kind: "check", name: String(id) },
    at,
    intervalMs,
    readings: [
      reading("check.up", up ? 1 : 0, check),
      // How long one that failed took says nothing of what answers.
      reading("check.duration", up ? durationMs : null, check),
      ...Object.entries(phases).map(([phase, ms]) => reading("check.phase", ms, { ...check, phase })),
      ...(status === null ? [] : [reading("check.status", status, check)]),
      ...(certificateSeconds === null ? [] : [reading("check.certificate.expires", certificateSeconds, check)]),
      ...(reason === null ? [] : [reading("check.failure", 1, { ...check, reason })]),
    ],
  };
}

/** Runs checks on their schedules, and hands on what comes of each. One that hangs delays no other. */
export class CheckRunner {
  readonly #emit: (frame: Frame) => void;
  readonly #clocks: Clocks | undefined;
  readonly #running = new Map<string, Schedule>();

  constructor(emit: (frame: Frame) => void, clocks?: Clocks) {
    this.#emit = emit;
    this.#clocks = clocks;
  }

  /** From now on these are run: those that are as before go on as they are. */
  use(runs: { definition: CheckDefinition; trust: Trust }[]): void {
    const wanted = new Map(runs.map((run) => [JSON.stringify(run), run]));
    for (const [key, schedule] of this.#running) {
      if (wanted.has(key)) continue;
      schedule.stop();
      this.#running.delete(key);
    }
    for (const [key, { definition, trust }] of wanted) {
      if (this.#running.has(key)) continue;
      const schedule = new Schedule(
        definition.intervalMs,
        async ({ at }) => this.#emit(checkFrame(definition, at, await runCheck(definition, trust))),
        this.#clocks,
      );
      this.#running.set(key, schedule);
      schedule.start();
    }
  }

  stop(): void {
    this.use([]);
  }
}
