import { fork } from "node:child_process";
import { extname, join } from "node:path";
import { CHECK_CHANNEL, checksOfPortal, listChecks } from "#lib/checks/checks.ts";
import { cacheInterval, readCachedInterval } from "#lib/collect/cached-interval.ts";
import { CheckRunner } from "#lib/collect/checks/check-runner.ts";
import { startCollector } from "#lib/collect/collector.ts";
import { DiskWatch } from "#lib/collect/disk-watch.ts";
import { identifyHost } from "#lib/collect/host.ts";
import { KeptProcess } from "#lib/collect/kept-process.ts";
import { Recorder } from "#lib/collect/recorder.ts";
import { reading, type Sensor } from "#lib/collect/sensor.ts";
import { postgresSensor } from "#lib/collect/sensors/postgres.ts";
import { Spool } from "#lib/collect/spool.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { databaseUrl, openDatabase } from "#lib/db/client.ts";
import { HostFrameSink } from "#lib/hosts/frame-sink.ts";
import { RecorderLease } from "#lib/hosts/recorder-lease.ts";
import { writeRecorderReport } from "#lib/hosts/recorder-status.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { readSettings, SETTING_CHANNEL } from "#lib/settings/store.ts";
import { listen } from "#lib/stream/listener.ts";
import { SECOND_MS } from "#lib/time/durations.ts";
import { onStop, ready, stopSignal } from "./lifecycle.ts";
import { receiveSecrets } from "./secrets.ts";

// Takes the frames of the collecting process and of the database's own sensor, and stores them. Nothing of it waits for the database: frames that come
// before it answers go to the disk.

await receiveSecrets();

/** A query the server does not answer must not hold frames back: they go to the disk and are tried again. */
const APPEND_LIMIT_MS = 5 * SECOND_MS;
/** At a stop, for the frame that is being stored: one that fails goes to the disk. */
const FRAMES_MS = APPEND_LIMIT_MS + SECOND_MS;
/** A collecting process that is silent for so long, and for many intervals, hangs. */
const SILENT_MS = 60 * SECOND_MS;
const SILENT_INTERVALS = 10;
const LOOK_MS = 15 * SECOND_MS;
/** So long a frame of the own sensor waits for one of the collecting process, with which it is stored at once. */
const COMPANY_MS = 100;

const { dataDir } = readEnvironment();
const db = openDatabase(databaseUrl(), {
  maxConnections: 3,
  applicationName: "sightline-recorder",
  queryLimitMs: APPEND_LIMIT_MS,
});
let intervalMs = readCachedInterval(dataDir) * SECOND_MS;
/** None until the settings have been read: they may say that none are to be kept. */
let commandLines = false;

const spool = new Spool(join(dataDir, "spool"));
const sink = new HostFrameSink(db, identifyHost);
const recorder = new Recorder(sink, spool, { onStatus: report, undecided: true });

let lowBytes: number | null = null;
const disk = new DiskWatch(dataDir, (bytes) => {
  if (bytes === null) spool.holdReserve();
  if (bytes !== lowBytes) lowBytes = bytes;
  report();
});

/** For /health, which another process answers. */
function report(): void {
  const { state, diskFull, lost } = recorder.status;
  try {
    writeRecorderReport(dataDir, { state, diskFull, lost, lowBytes });
  } catch (error) {
    log.debug({ reason: reasonOf(error) }, "the recorder's state was not written");
  }
}

const lease = new RecorderLease(databaseUrl(), db, {
  hostId: () => sink.hostId(),
  intervalMs: () => intervalMs,
  listener: {
    storeFrames: (isStored) => recorder.takeOver(isStored),
    standBy: () => recorder.standBy(),
  },
});
lease.start();

const spoolSensor: Sensor = {
  name: "spool",
  read: () => [
    reading("spool.frames", spool.frames),
    reading("spool.dropped", spool.dropped),
    reading("spool.refused", spool.refused),
    reading("spool.lost", recorder.status.lost),
  ],
};
let own: Frame | undefined;
let ownTimer: NodeJS.Timeout | undefined;
/** Stores frames, and with them one of the own sensor that waits for company. */
function record(...frames: Frame[]): Promise<void> {
  clearTimeout(ownTimer);
  const all = own ? [own, ...frames] : frames;
  own = undefined;
  return recorder.record(...all);
}
const schedule = startCollector({
  source: { kind: "postgres", name: "sightline" },
  sensors: [postgresSensor(db), spoolSensor],
  intervalMs,
  emit(frame) {
    if (own) void record();
    own = frame;
    ownTimer = setTimeout(() => void record(), COMPANY_MS);
  },
});

let heardAt = performance.now();
const collector = new KeptProcess({
  name: "collector",
  fork() {
    heardAt = performance.now();
    return fork(join(import.meta.dirname, `collector${extname(import.meta.filename)}`), {
      env: {
        ...process.env,
        SIGHTLINE_INTERVAL_MS: String(intervalMs),
        SIGHTLINE_COMMAND_LINES: String(commandLines),
        DATABASE_URL: undefined,
        NEXTAUTH_SECRET: undefined,
      },
      // A small young generation is collected more often and keeps the process small.
      execArgv: ["--max-semi-space-size=1", "--max-old-space-size=64"],
    });
  },
  onMessage(message) {
    heardAt = performance.now();
    void record((message as { frame: Frame }).frame);
  },
});
collector.start();
const watchdog = setInterval(() => {
  if (performance.now() - heardAt < SILENT_MS + SILENT_INTERVALS * intervalMs) return;
  log.error("the collecting process hangs: it is killed");
  heardAt = performance.now();
  collector.kill();
}, LOOK_MS);

async function applyInterval(): Promise<void> {
  const { collection_interval, collect_command_lines } = await readSettings(db);
  intervalMs = collection_interval * SECOND_MS;
  cacheInterval(dataDir, collection_interval);
  schedule.change(intervalMs);
  commandLines = collect_command_lines;
  collector.send({ intervalMs, commandLines });
}
const onSetting = () =>
  void applyInterval().catch((error: Error) => {
    if (!stopSignal.aborted) log.warn({ reason: reasonOf(error) }, "settings not read");
  });
const checks = new CheckRunner((frame) => void recorder.record(frame));
const applyChecks = () =>
  void Promise.all([listChecks(db), sink.hostId()])
    .then(([all, hostId]) => checks.use(checksOfPortal(all, hostId)))
    .catch((error: Error) => {
      if (!stopSignal.aborted) log.warn({ reason: reasonOf(error) }, "checks not read");
    });
const listener = listen(
  databaseUrl(),
  [SETTING_CHANNEL, CHECK_CHANNEL],
  (channel) => (channel === CHECK_CHANNEL ? applyChecks() : onSetting()),
  () => {
    onSetting();
    applyChecks();
  },
);

onStop([
  { name: "own sensor", run: () => schedule.stop() },
  { name: "checks", run: () => checks.stop() },
  {
    name: "collecting process",
    run() {
      clearInterval(watchdog);
      disk.close();
      return collector.stop();
    },
  },
  {
    name: "frames",
    run() {
      void record();
      return recorder.close();
    },
    reservedMs: FRAMES_MS,
  },
  { name: "lease", run: () => lease.close() },
  { name: "listener", run: () => listener.close() },
  { name: "database", run: () => db.$disconnect() },
]);
ready();
