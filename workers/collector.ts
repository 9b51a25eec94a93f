import { extname, join } from "node:path";
import { SENSOR_LIMIT_MS, startCollector } from "#lib/collect/collector.ts";
import { Prober } from "#lib/collect/prober.ts";
import { ProcessWatch } from "#lib/collect/processes/process-watch.ts";
import { hostSensors } from "#lib/collect/sensors/index.ts";

// Started by the recorder, which tells the interval and takes the frames. It loads neither Prisma nor a database
// client, which is what keeps it small; what may hang it asks of the prober.

const send = process.send?.bind(process);
if (!send) throw new Error("The collector is started by the recorder, not by hand");

const prober = new Prober(join(import.meta.dirname, `prober${extname(import.meta.filename)}`));
const processes = new ProcessWatch();
processes.commandLines = process.env.SIGHTLINE_COMMAND_LINES === "true";
try {
  // So that the first frame can say already what was used since.
  processes.read();
} catch {
  // The sensor will say why.
}
const schedule = startCollector({
  source: { kind: "host", name: "" },
  sensors: hostSensors(SENSOR_LIMIT_MS, prober, undefined, processes),
  intervalMs: Number(process.env.SIGHTLINE_INTERVAL_MS),
  emit: (frame) => void send({ frame }),
  describesItself: true,
  takeTop: () => processes.takeTop(),
});

process.on("message", ({ intervalMs, commandLines }: { intervalMs: number; commandLines: boolean }) => {
  schedule.change(intervalMs);
  processes.commandLines = commandLines;
});
process.on("disconnect", () => process.exit(0));
