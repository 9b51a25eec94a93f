import { join } from "node:path";
import { PortalClient } from "#lib/collect/agent/portal-client.ts";
import { PortalClock } from "#lib/collect/agent/portal-clock.ts";
import { PortalSink } from "#lib/collect/agent/portal-sink.ts";
import { Recorder } from "#lib/collect/recorder.ts";
import { Spool } from "#lib/collect/spool.ts";

// An agent that samples much faster than any: numbered frames from an instant on, each named on standard output once it is safe. It is killed at any
// moment.

const [url = "", credential = "", dir = "", from = "0"] = process.argv.slice(2);

const spool = new Spool(join(dir, "spool"));
const sink = new PortalSink(new PortalClient(url), new PortalClock(), {
  version: "0.1.0",
  credential: () => credential,
  counts: () => ({ waiting: spool.frames, dropped: spool.dropped }),
  onOrders: () => undefined,
  onClock: () => undefined,
  rotate: async () => undefined,
});
const recorder = new Recorder(sink, spool, { pauseMs: () => 20 });

async function write(): Promise<never> {
  for (let at = Number(from); ; at += 1_000) {
    await recorder.record({
      source: { kind: "host", name: "" },
      at,
      intervalMs: 1_000,
      readings: [{ metric: "cpu.usage", labels: {}, value: at % 97 }],
    });
    process.stdout.write(`${at}\n`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

void write();
