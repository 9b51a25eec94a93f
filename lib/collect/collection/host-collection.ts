import { SENSOR_LIMIT_MS, startCollector } from "#lib/collect/collector.ts";
import type { Prober } from "#lib/collect/prober.ts";
import { ProcessWatch } from "#lib/collect/processes/process-watch.ts";
import { containerSensor } from "#lib/collect/sensors/containers.ts";
import { hostSensors } from "#lib/collect/sensors/index.ts";
import { unitSensor } from "#lib/collect/sensors/units.ts";
import { readUnits } from "#lib/collect/units.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import type { Clocks } from "#lib/time/clock.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** How a host is collected: how often, ms, and whether command lines of processes are read. */
export type CollectionSettings = { intervalMs: number; commandLines: boolean };

/** Services change seldom, and to ask for all takes systemd some time. */
const UNITS_MS = 30 * SECOND_MS;
const UNITS_LIMIT_MS = 6 * SECOND_MS;
const NAMES_MS = 10 * SECOND_MS;
const NAMES_LIMIT_MS = 6 * SECOND_MS;

/** Asks for the names of containers while there are some without. The engine may hang or be gone: then their ids stay. */
function followContainerNames(processes: ProcessWatch, prober: Prober, socket: string): () => void {
  let failing = false;
  const look = async () => {
    if ([...processes.containers().keys()].every((id) => processes.containerNames.has(id))) return;
    try {
      processes.containerNames = new Map(await prober.ask("containers", socket, NAMES_LIMIT_MS));
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ reason: reasonOf(error) }, "the engine of the containers does not say their names");
      failing = true;
    }
  };
  const timer = setInterval(() => void look(), NAMES_MS).unref();
  return () => clearInterval(timer);
}

/**
 * Collects this machine: its own frames with the processes that used most, and beside them frames of its containers and of systemd's services, where there
 * are any. These are sources of their own, so that what comes and goes does not change the frames of the host. `socket` is that of Docker or Podman; empty
 * for the usual ones.
 */
export function startHostCollection(
  prober: Prober,
  { intervalMs, commandLines }: CollectionSettings,
  emit: (frame: Frame) => void,
  { socket = process.env.CONTAINER_SOCKET ?? "", clocks }: { socket?: string; clocks?: Clocks } = {},
): { change(settings: CollectionSettings): void; stop(): void } {
  const processes = new ProcessWatch();
  processes.commandLines = commandLines;
  try {
    // So that the first frame can say already what was used since.
    processes.read();
  } catch {
    // The sensor will say why.
  }
  const named = () =>
    new Map([...processes.containers()].map(([id, group]) => [processes.containerNames.get(id) ?? id, group]));
  /** Nothing is sent of what a machine does not have. */
  const emitOf = (prefix: string) => (frame: Frame) => {
    if (frame.readings.some(({ metric }) => metric.startsWith(prefix))) emit(frame);
  };
  const unitsMs = (ms: number) => Math.max(ms, UNITS_MS);
  const byClock = clocks ? { clocks } : {};
  const host = startCollector({
    ...byClock,
    source: { kind: "host", name: "" },
    sensors: hostSensors(SENSOR_LIMIT_MS, prober, undefined, processes),
    intervalMs,
    emit,
    describesItself: true,
    takeTop: () => processes.takeTop(),
  });
  const containers = startCollector({
    ...byClock,
    source: { kind: "container", name: "" },
    sensors: [containerSensor(named)],
    intervalMs,
    emit: emitOf("container."),
  });
  const units = startCollector({
    ...byClock,
    source: { kind: "systemd", name: "" },
    sensors: [unitSensor(() => readUnits("/run"))],
    intervalMs: unitsMs(intervalMs),
    limitMs: UNITS_LIMIT_MS + SECOND_MS,
    emit: emitOf("unit."),
  });
  const stopNames = followContainerNames(processes, prober, socket);
  return {
    change(settings) {
      processes.commandLines = settings.commandLines;
      host.change(settings.intervalMs);
      containers.change(settings.intervalMs);
      units.change(unitsMs(settings.intervalMs));
    },
    stop() {
      for (const schedule of [host, containers, units]) schedule.stop();
      stopNames();
    },
  };
}
