import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startCollector } from "#lib/collect/collector.ts";
import { identifyHost } from "#lib/collect/host.ts";
import { type FrameSink, Recorder } from "#lib/collect/recorder.ts";
import { reading, type Sensor } from "#lib/collect/sensor.ts";
import { postgresSensor } from "#lib/collect/sensors/postgres.ts";
import { Spool } from "#lib/collect/spool.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { registerHost } from "#lib/hosts/hosts.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { readSettings, SETTING_CHANNEL } from "#lib/settings/store.ts";
import { listen } from "#lib/stream/listener.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { onStop, ready, stopSignal } from "./lifecycle.ts";

// Takes the frames of the collecting process and of the database's own sensor, and stores them.

/** A query the server does not answer must not hold frames back: they go to the disk and are tried again. */
const APPEND_LIMIT_MS = 5_000;
const RESTART_MS = 1_000;
/** At a stop, for the frame that is being stored: one that fails goes to the disk. */
const FRAMES_MS = APPEND_LIMIT_MS + 1_000;

const environment = readEnvironment();
const db = openDatabase(databaseUrl(), {
  maxConnections: 3,
  applicationName: "sightline-recorder",
  queryLimitMs: APPEND_LIMIT_MS,
});
const spool = new Spool(join(environment.dataDir, "spool"));

/** The ids need the database; until it answers for the first time there is nothing to collect for. */
async function openSink(): Promise<{ sink: FrameSink; intervalMs: number }> {
  for (;;) {
    try {
      const hostId = await registerHost(db, await identifyHost());
      const { collection_interval } = await readSettings(db);
      const writer = new FrameWriter(db, new Registry(db));
      const sink = { append: (frame: Frame) => writer.append(hostId, frame) };
      return { sink, intervalMs: collection_interval * 1000 };
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, "waiting for the database");
      await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
    }
  }
}

const opened = await openSink();
let { intervalMs } = opened;
const recorder = new Recorder(opened.sink, spool);

const spoolSensor: Sensor = {
  name: "spool",
  read: () => [reading("spool.frames", spool.frames), reading("spool.dropped", spool.dropped)],
};
const schedule = startCollector({
  source: { kind: "postgres", name: "sightline" },
  sensors: [postgresSensor(db), spoolSensor],
  intervalMs,
  emit: (frame) => void recorder.record(frame),
});

let collector: ChildProcess;

function startCollectorProcess(): void {
  const program = join(import.meta.dirname, `collector${import.meta.filename.endsWith(".ts") ? ".ts" : ".js"}`);
  collector = fork(program, {
    env: { ...process.env, SIGHTLINE_INTERVAL_MS: String(intervalMs), DATABASE_URL: "", NEXTAUTH_SECRET: "" },
    // A small young generation is collected more often and keeps the process small.
    execArgv: ["--max-semi-space-size=1", "--max-old-space-size=64"],
  });
  collector.on("message", ({ frame }: { frame: Frame }) => void recorder.record(frame));
  collector.on("exit", (code, signal) => {
    if (stopSignal.aborted) return;
    log.warn({ code, signal }, "the collecting process ended: starting it again");
    setTimeout(startCollectorProcess, RESTART_MS);
  });
}
startCollectorProcess();

async function endCollector(): Promise<void> {
  const ended = collector.connected ? once(collector, "exit") : undefined;
  collector.kill();
  await ended;
}

async function applyInterval(): Promise<void> {
  const { collection_interval } = await readSettings(db);
  intervalMs = collection_interval * 1000;
  schedule.change(intervalMs);
  if (collector.connected) collector.send({ intervalMs });
}
const onSetting = () =>
  void applyInterval().catch((error: Error) => log.warn({ reason: reasonOf(error) }, "settings not read"));
const listener = listen(databaseUrl(), [SETTING_CHANNEL], onSetting, onSetting);

onStop([
  { name: "own sensor", run: () => schedule.stop() },
  { name: "collecting process", run: endCollector },
  { name: "frames", run: () => recorder.close(), reservedMs: FRAMES_MS },
  { name: "listener", run: () => listener.close() },
  { name: "database", run: () => db.$disconnect() },
]);
ready();
