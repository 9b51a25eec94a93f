import { Detector } from "#lib/anomalies/detector.ts";
import { readDetectorStates, saveDetectorStates } from "#lib/anomalies/detector-states.ts";
import { type DetectionOverride, readOverrides } from "#lib/anomalies/overrides.ts";
import { policyFor } from "#lib/anomalies/policy.ts";
import { INCIDENT_PAUSE_MS } from "#lib/anomalies/rank-incident.ts";
import { readFalseAlarms, readRunningAnomalies } from "#lib/anomalies/read-feedback.ts";
import { type AnomalyUpdate, recordAnomalies } from "#lib/anomalies/record-anomalies.ts";
import { type FalseAlarms, SeriesMonitor } from "#lib/anomalies/series-monitor.ts";
import { MAX_SERIES } from "#lib/contract/enums.ts";
import type { Settings } from "#lib/contract/settings.ts";
import type { Database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import { log } from "#lib/log.ts";
import { isAhead } from "#lib/time/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { ownZone, zoneOffset } from "#lib/time/instant.ts";
import { listSeries, type SeriesInfo } from "#lib/tsdb/catalog.ts";
import { queryRange } from "#lib/tsdb/query.ts";

/** A minute is judged this long after its end, when its last frames have come. */
export const GRACE_MS = 3_000;

/** A series never seen learns from so much of its past, and only anomalies of the last hour of it are recorded. */
const LEARN_MS = 28 * DAY_MS;
const RECORD_MS = HOUR_MS;

/** States are saved so often; after a kill the minutes since are read again. */
const SAVE_MS = 15 * MINUTE_MS;

const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS) * MINUTE_MS;

/** What a step did: minutes judged over all series, updates recorded, and how long it took in ms. */
export type DetectionStep = { series: number; samples: number; updates: number; ms: number };

/** Detects anomalies in every series of every host by the minute. Kill it anywhere: what it recorded is recorded again, and changes nothing. */
export class DetectionRunner {
  #db: Database;
  #zone: string;
  #hosts = new Map<number, Map<number, SeriesMonitor>>();
  #savedAt = 0;

  constructor(db: Database, zone = ownZone()) {
    this.#db = db;
    this.#zone = zone;
  }

  /** Judges all minutes that are over at `now` (ms) and not judged yet. */
  async step(settings: Settings, now: number): Promise<DetectionStep> {
    const began = performance.now();
    const done = { series: 0, samples: 0, updates: 0 };
    const overrides = await readOverrides(this.#db);
    const hosts = settings.detection ? await listHosts(this.#db) : [];
    for (const { id } of hosts) {
      const { series, samples, updates } = await this.#stepHost(id, settings, overrides, now);
      done.series += series;
      done.samples += samples;
      done.updates += updates;
    }
    // Either way: the clock may have been set back.
    if (Math.abs(now - this.#savedAt) >= SAVE_MS) await this.save(now);
    return { ...done, ms: performance.now() - began };
  }

  /** Saves what was learned, so that nothing need be read again. */
  async save(now: number): Promise<void> {
    this.#savedAt = now;
    for (const [hostId, monitors] of this.#hosts) {
      const states = [...monitors.values()]
        .filter(({ detector }) => detector.last > 0)
        .map(({ series, upTo, detector }) => ({ seriesId: series.id, upTo, state: detector.save() }));
      await saveDetectorStates(this.#db, hostId, states, now);
    }
  }

  async #stepHost(hostId: number, settings: Settings, overrides: DetectionOverride[], now: number) {
    const all = await listSeries(this.#db, hostId);
    const monitored = all.filter(({ metric }) => policyFor({ settings, overrides }, hostId, metric).enabled);
    const monitors = await this.#monitorsOf(hostId, monitored, now);
    const falseAlarms = await readFalseAlarms(this.#db, hostId, now);
    const to = minuteOf(now - GRACE_MS);
    const context = { settings, overrides, falseAlarms, now };
    let [samples, updates] = [0, await this.#rewind(hostId, monitors, to)];
    // Series that are equally far along are read together; new ones learn apart.
    for (const group of Map.groupBy(monitors, ({ upTo }) => upTo).values()) {
      for (let at = 0; at < group.length; at += MAX_SERIES) {
        const done = await this.#catchUp(hostId, group.slice(at, at + MAX_SERIES), to, context);
        samples += done.samples;
        updates += done.updates;
      }
    }
    return { series: monitors.length, samples, updates };
  }

  /** The monitors of a host's series; those of which nothing is known yet begin in their past. */
  async #monitorsOf(hostId: number, series: SeriesInfo[], now: number): Promise<SeriesMonitor[]> {
    const monitors = this.#hosts.get(hostId) ?? new Map<number, SeriesMonitor>();
    this.#hosts.set(hostId, monitors);
    if (series.some(({ id }) => !monitors.has(id))) {
      const saved = new Map((await readDetectorStates(this.#db, hostId)).map((state) => [state.seriesId, state]));
      const running = Map.groupBy(await readRunningAnomalies(this.#db, hostId), ({ seriesId }) => seriesId);
      for (const info of series) {
        if (monitors.has(info.id)) continue;
        const state = saved.get(info.id);
        const detector = state && Detector.load(state.state);
        const upTo = detector ? state.upTo : minuteOf(now - LEARN_MS);
        monitors.set(info.id, new SeriesMonitor(info, detector ?? new Detector(), upTo, running.get(info.id) ?? []));
      }
    }
    return series.map(({ id }) => monitors.get(id) as SeriesMonitor);
  }

  /** Series that were judged up to what is still to come, by a clock that was set back since, go on with the minute that is just over. */
  async #rewind(hostId: number, monitors: SeriesMonitor[], to: number): Promise<number> {
    const ahead = monitors.filter(({ upTo }) => isAhead(upTo, to));
    if (ahead.length === 0) return 0;
    log.warn({ host: hostId, series: ahead.length }, "the clock was set back: detection goes on from now");
    const updates = ahead.flatMap((monitor) => monitor.rewind(to - 2 * MINUTE_MS));
    await recordAnomalies(this.#db, hostId, updates, INCIDENT_PAUSE_MS);
    return updates.length;
  }

  async #catchUp(
    hostId: number,
    group: SeriesMonitor[],
    to: number,
    context: { settings: Settings; overrides: DetectionOverride[]; falseAlarms: Map<number, FalseAlarms>; now: number },
  ): Promise<{ samples: number; updates: number }> {
    const byId = new Map(group.map((monitor) => [monitor.series.id, monitor]));
    const recordFrom = group.every(({ detector }) => detector.last === 0) ? context.now - RECORD_MS : 0;
    const done = { samples: 0, updates: 0 };
    // Further back nothing is learned, however long the clock or the portal stood still.
    const first = Math.max((group[0]?.upTo ?? to) + MINUTE_MS, minuteOf(context.now - LEARN_MS));
    for (let from = first; from < to; from += DAY_MS) {
      const until = Math.min(from + DAY_MS, to);
      const series = group.map(({ series }) => String(series.id));
      const range = await queryRange(this.#db, { hostId, series, from, to: until, stepMs: MINUTE_MS });
      const offsetMs = zoneOffset(this.#zone, until);
      const updates = new Map<string, AnomalyUpdate>();
      for (const { id, metric, points } of range.series) {
        const monitor = byId.get(id) as SeriesMonitor;
        const observation = {
          policy: policyFor(context, hostId, metric),
          falseAlarms: context.falseAlarms.get(id) ?? new Map(),
          offsetMs,
        };
        for (const [at, value] of points) {
          if (value === null || at <= monitor.upTo) continue;
          done.samples++;
          for (const update of monitor.observe(at, value, observation)) {
            if (update.lastAt >= recordFrom) updates.set(`${id} ${update.source} ${update.detectedAt}`, update);
          }
        }
        monitor.upTo = Math.max(monitor.upTo, until - MINUTE_MS);
      }
      await recordAnomalies(this.#db, hostId, [...updates.values()], INCIDENT_PAUSE_MS);
      done.updates += updates.size;
    }
    return done;
  }
}
