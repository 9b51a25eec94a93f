import { Detector } from "#lib/anomalies/detector.ts";
import { INCIDENT_PAUSE_MS } from "#lib/anomalies/incident.ts";
import { type Override, readOverrides } from "#lib/anomalies/overrides.ts";
import { policyFor } from "#lib/anomalies/policy.ts";
import { readFalseAlarms, readRunning } from "#lib/anomalies/read.ts";
import { type FalseAlarms, SeriesWatch } from "#lib/anomalies/series-monitor.ts";
import { type EventNow, readStates, recordEvents, saveStates } from "#lib/anomalies/write.ts";
import type { Database } from "#lib/db/client.ts";
import { listHosts } from "#lib/hosts/hosts.ts";
import type { Settings } from "#lib/settings/schema.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { ownZone, zoneOffset } from "#lib/time/instant.ts";
import { listSeries, type SeriesInfo } from "#lib/tsdb/catalog.ts";
import { MAX_SERIES, queryRange } from "#lib/tsdb/query.ts";

/** A minute is judged this long after its end, when its last frames have come. */
export const GRACE_MS = 3_000;

/** A series never seen learns from so much of its past, and tells only of the last hour of it. */
const LEARN_MS = 28 * DAY_MS;
const TELL_MS = HOUR_MS;

/** States are saved so often; after a kill the minutes since are read again. */
const SAVE_MS = 15 * MINUTE_MS;

/** What a step did: minutes judged over all series, events told, and how long it took in ms. */
export type Step = { series: number; samples: number; events: number; ms: number };

/** Watches every series of every host by the minute. Kill it anywhere: what it told is told again, and changes nothing. */
export class Watch {
  #db: Database;
  #zone: string;
  #hosts = new Map<number, Map<number, SeriesWatch>>();
  #savedAt = 0;

  constructor(db: Database, zone = ownZone()) {
    this.#db = db;
    this.#zone = zone;
  }

  /** Judges all minutes that are over at `now` (ms) and not judged yet. */
  async step(settings: Settings, now: number): Promise<Step> {
    const began = performance.now();
    const done = { series: 0, samples: 0, events: 0 };
    const overrides = await readOverrides(this.#db);
    const hosts = settings.detection ? await listHosts(this.#db) : [];
    for (const { id } of hosts) {
      const { series, samples, events } = await this.#stepHost(id, settings, overrides, now);
      done.series += series;
      done.samples += samples;
      done.events += events;
    }
    if (now - this.#savedAt >= SAVE_MS) await this.save(now);
    return { ...done, ms: performance.now() - began };
  }

  /** Saves what was learned, so that nothing need be read again. */
  async save(now: number): Promise<void> {
    this.#savedAt = now;
    for (const [hostId, watches] of this.#hosts) {
      const states = [...watches.values()]
        .filter(({ detector }) => detector.last > 0)
        .map(({ series, upTo, detector }) => ({ seriesId: series.id, upTo, state: detector.save() }));
      await saveStates(this.#db, hostId, states);
    }
  }

  async #stepHost(hostId: number, settings: Settings, overrides: Override[], now: number) {
    const all = await listSeries(this.#db, hostId);
    const watched = all.filter(({ metric }) => policyFor({ settings, overrides }, hostId, metric).enabled);
    const watches = await this.#watchesOf(hostId, watched, now);
    const falseAlarms = await readFalseAlarms(this.#db, hostId, now);
    const to = Math.floor((now - GRACE_MS) / MINUTE_MS) * MINUTE_MS;
    const context = { settings, overrides, falseAlarms, now };
    let [samples, events] = [0, 0];
    // What is equally far along is read together; the new ones learn apart.
    for (const group of Map.groupBy(watches, ({ upTo }) => upTo).values()) {
      for (let at = 0; at < group.length; at += MAX_SERIES) {
        const done = await this.#catchUp(hostId, group.slice(at, at + MAX_SERIES), to, context);
        samples += done.samples;
        events += done.events;
      }
    }
    return { series: watches.length, samples, events };
  }

  /** The watches of a host's series; those of which nothing is known yet begin in their past. */
  async #watchesOf(hostId: number, series: SeriesInfo[], now: number): Promise<SeriesWatch[]> {
    const known = this.#hosts.get(hostId) ?? new Map<number, SeriesWatch>();
    this.#hosts.set(hostId, known);
    if (series.some(({ id }) => !known.has(id))) {
      const saved = new Map((await readStates(this.#db, hostId)).map((one) => [one.seriesId, one]));
      const running = Map.groupBy(await readRunning(this.#db, hostId), ({ seriesId }) => seriesId);
      for (const one of series) {
        if (known.has(one.id)) continue;
        const state = saved.get(one.id);
        const detector = state && Detector.load(state.state);
        const upTo = detector ? state.upTo : Math.floor((now - LEARN_MS) / MINUTE_MS) * MINUTE_MS;
        known.set(one.id, new SeriesWatch(one, detector ?? new Detector(), upTo, running.get(one.id) ?? []));
      }
    }
    return series.map(({ id }) => known.get(id) as SeriesWatch);
  }

  async #catchUp(
    hostId: number,
    group: SeriesWatch[],
    to: number,
    context: { settings: Settings; overrides: Override[]; falseAlarms: Map<number, FalseAlarms>; now: number },
  ): Promise<{ samples: number; events: number }> {
    const byId = new Map(group.map((watch) => [watch.series.id, watch]));
    const learningFrom = group.every(({ detector }) => detector.last === 0) ? context.now - TELL_MS : 0;
    const done = { samples: 0, events: 0 };
    for (let from = (group[0]?.upTo ?? to) + MINUTE_MS; from < to; from += DAY_MS) {
      const until = Math.min(from + DAY_MS, to);
      const series = group.map(({ series }) => String(series.id));
      const range = await queryRange(this.#db, { hostId, series, from, to: until, stepMs: MINUTE_MS });
      const offsetMs = zoneOffset(this.#zone, until);
      const told = new Map<string, EventNow>();
      for (const { id, metric, points } of range.series) {
        const watch = byId.get(id) as SeriesWatch;
        const terms = {
          policy: policyFor(context, hostId, metric),
          falseAlarms: context.falseAlarms.get(id) ?? new Map(),
          offsetMs,
        };
        for (const [at, value] of points) {
          if (value === null || at <= watch.upTo) continue;
          done.samples++;
          for (const event of watch.observe(at, value, terms)) {
            if (event.lastAt >= learningFrom) told.set(`${id} ${event.byLimit} ${event.detectedAt}`, event);
          }
        }
        watch.upTo = Math.max(watch.upTo, until - MINUTE_MS);
      }
      await recordEvents(this.#db, hostId, [...told.values()], INCIDENT_PAUSE_MS);
      done.events += told.size;
    }
    return done;
  }
}
