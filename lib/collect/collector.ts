import { Cycle } from "#lib/collect/cycle.ts";
import { Schedule, type Tick } from "#lib/collect/schedule.ts";
import { reading, type Sensor } from "#lib/collect/sensor.ts";
import type { ProcessTop } from "#lib/contract/processes.ts";
import type { Frame, SourceRef } from "#lib/metrics/frame.ts";
import type { Clocks } from "#lib/time/clock.ts";

/** A sensor gets at most this long, and never more than most of an interval. */
export const SENSOR_LIMIT_MS = 800;

const tenth = (ms: number) => Math.round(ms * 10) / 10;

/** Samples one source on schedule and hands each frame on. */
export function startCollector(options: {
  source: SourceRef;
  sensors: Sensor[];
  intervalMs: number;
  emit: (frame: Frame) => void | Promise<void>;
  limitMs?: number;
  describesItself?: boolean;
  clocks?: Clocks;
  /** What to send along: which processes used most, where that is known anew. */
  takeTop?: () => ProcessTop | undefined;
}): Schedule {
  const cycle = new Cycle(options.sensors, options.limitMs ?? SENSOR_LIMIT_MS);

  async function collect(tick: Tick): Promise<void> {
    const began = performance.now();
    const readings = await cycle.run();
    if (options.describesItself) {
      readings.push(
        reading("collector.cycle", tenth(performance.now() - began)),
        reading("collector.lag", tenth(tick.lagMs)),
        reading("collector.missed", tick.missed),
      );
    }
    const processes = options.takeTop?.();
    const { intervalMs } = schedule;
    await options.emit({ source: options.source, at: tick.at, intervalMs, readings, ...(processes && { processes }) });
  }

  const schedule = new Schedule(options.intervalMs, collect, options.clocks);
  schedule.start();
  return schedule;
}
