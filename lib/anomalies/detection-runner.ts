import { Detector } from "#lib/anomalies/detector.ts";
import { readDetectorStates, saveDetectorStates } from "#lib/anomalies/detector-states.ts";
import { NO_DATA, noDataUpdate, shownSeries } from "#lib/anomalies/no-data.ts";
import { type DetectionOverride, readOverrides } from "#lib/anomalies/overrides.ts";
import { policyFor } from "#lib/anomalies/policy.ts";
import { INCIDENT_PAUSE_MS } from "#lib/anomalies/rank-incident.ts";
import { readFalseAlarms, readRunningAnomalies } from "#lib/anomalies/read-feedback.ts";
import { type AnomalyUpdate, endAnomaliesOf, recordAnomalies } from "#lib/anomalies/record-anomalies.ts";
import { type FalseAlarms, SeriesMonitor } from "#lib/anomalies/series-monitor.ts";
import { MAX_SERIES } from "#lib/contract/enums.ts";
import type { Settings } from "#lib/contract/settings.ts";
import type { Database } from "#lib/db/client.ts";
import { databaseFailure } from "#lib/db/failure.ts";
import { type HostInfo, listHosts, retiredHostIds, signOfLife } from "#lib/hosts/hosts.ts";
import { runParts, TaskFailures } from "#lib/jobs/failures.ts";
import { log } from "#lib/log.ts";
import { isAhead } from "#lib/time/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { ownZone, zoneOffset } from "#lib/time/instant.ts";
import { listSeries, type SeriesInfo } from "#lib/tsdb/catalog.ts";
import { queryRange, readIntervals } from "#lib/tsdb/query.ts";

/** A minute is judged this long after its end, when its last frames have come. */
export const GRACE_MS = 3_000;

/** A series never seen learns from so much of its past, and only anomalies of the last hour of it are recorded. */
const LEARN_MS = 28 * DAY_MS;
const RECORD_MS = HOUR_MS;

/** States are saved so often; after a kill the minutes since are read again. */
const SAVE_MS = 15 * MINUTE_MS;

/** So many series of a host are watched: each costs some 20 KB of memory. */
const MAX_WATCHED = 2_000;

const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS) * MINUTE_MS;

/** After a pause of this length (ms) nobody has watched the hosts, and what they missed is not known. */
const PAUSE_MS = 3 * MINUTE_MS;

/** What a step works with; `to` is the end of the minutes that are over, ms. */
type Step = {
  settings: Settings;
  overrides: DetectionOverride[];
  failures: TaskFailures;
  now: number;
  to: number;
  signal: AbortSignal | undefined;
  done: { series: number; samples: number; updates: number };
};
type HostStep = Step & { host: Pick<HostInfo, "id" | "name">; falseAlarms: Map<number, FalseAlarms> };

const subjectOf = (host: Pick<HostInfo, "name">, series: string): string => `${host.name}: ${series}`;

/** What a step did: minutes judged over all series, updates recorded, and how long it took in ms. */
export type DetectionStep = { series: number; samples: number; updates: number; ms: number };

/** Detects anomalies in every series of every host by the minute. Kill it anywhere: what it recorded is recorded again, and changes nothing. */
export class DetectionRunner {
  #db: Database;
  #zone: string;
  #hosts = new Map<number, Map<number, SeriesMonitor>>();
  #savedAt = 0;
  /** Hosts of which more series would be watched than are. */
  readonly #warned = new Set<number>();
  #watch = { since: 0, until: 0 };

  constructor(db: Database, zone = ownZone()) {
    this.#db = db;
    this.#zone = zone;
  }

  /**
   * Judges all minutes that are over at `now` (ms) and not judged yet. A host or a series that fails is written down, stops no other, and is
   * tried again with back-off, from what was saved of it.
   */
  async step(settings: Settings, now: number, signal?: AbortSignal): Promise<DetectionStep> {
    const began = performance.now();
    const done = { series: 0, samples: 0, updates: 0 };
    const step = {
      ...{ settings, now, signal, done },
      to: minuteOf(now - GRACE_MS),
      overrides: await readOverrides(this.#db),
      failures: await TaskFailures.read(this.#db, "detection", now),
    };
    const hosts = settings.detection ? await listHosts(this.#db, now) : [];
    if (now - this.#watch.until > PAUSE_MS || now < this.#watch.until) this.#watch.since = now;
    this.#watch.until = now;
    const parts = hosts.map((host) => ({ subject: host.name, run: () => this.#stepHost(host, step) }));
    await runParts(this.#db, "detection", parts, { now, signal });
    await endAnomaliesOf(this.#db, await retiredHostIds(this.#db));
    // Either way: the clock may have been set back.
    if (Math.abs(now - this.#savedAt) >= SAVE_MS) await this.save(now);
    return { ...done, ms: performance.now() - began };
  }

  /** Saves what was learned, so that nothing need be read again. @throws the first failure, after all hosts were tried */
  async save(now: number): Promise<void> {
    this.#savedAt = now;
    const failed: unknown[] = [];
    for (const [hostId, monitors] of this.#hosts) {
      const states = [...monitors.values()]
        .filter(({ detector }) => detector.last > 0)
        .map(({ series, upTo, detector }) => ({ seriesId: series.id, upTo, state: detector.save() }));
      await saveDetectorStates(this.#db, hostId, states, now).catch((error: unknown) => failed.push(error));
    }
    if (failed.length > 0) throw failed[0];
  }

  async #stepHost(host: HostInfo, step: Step): Promise<void> {
    const { settings, overrides, failures, now, to, done, signal } = step;
    const all = await listSeries(this.#db, host.id);
    await this.#watchHost(host, all, step);
    const enabled = all.filter(({ metric }) => policyFor({ settings, overrides }, host.id, metric).enabled);
    if (enabled.length > MAX_WATCHED && !this.#warned.has(host.id)) {
      this.#warned.add(host.id);
      log.warn(
        { host: host.name, series: enabled.length, watched: MAX_WATCHED },
        "not every series is watched for anomalies",
      );
    }
    const monitored = enabled.slice(0, MAX_WATCHED).filter(({ name }) => failures.isDue(subjectOf(host, name)));
    const monitors = await this.#monitorsOf(host.id, monitored, now);
    const context = { ...step, host, falseAlarms: await readFalseAlarms(this.#db, host.id, now) };
    done.series += monitors.length;
    done.updates += await this.#rewind(host.id, monitors, to);
    // Series that are equally far along are read together; new ones learn apart.
    for (const group of Map.groupBy(monitors, ({ upTo }) => upTo).values())
      for (let at = 0; at < group.length && !signal?.aborted; at += MAX_SERIES)
        await this.#judge(group.slice(at, at + MAX_SERIES), context);
  }

  /** A host that sends nothing any more is an anomaly too. */
  async #watchHost(host: HostInfo, series: SeriesInfo[], { settings, overrides, now, done }: Step): Promise<void> {
    const shown = shownSeries(series);
    if (!shown || !policyFor({ settings, overrides }, host.id, NO_DATA).enabled) return;
    const [running] = await readRunningAnomalies(this.#db, host.id, "no_data");
    const intervals = [...(await readIntervals(this.#db, host.id, now, { own: true })).values()];
    const watch = { ...signOfLife(host, intervals), now, watchedSince: this.#watch.since, running };
    const update = noDataUpdate(shown.id, watch);
    if (!update) return;
    await recordAnomalies(this.#db, host.id, [update], INCIDENT_PAUSE_MS);
    done.updates++;
  }

  /** Judges a group of series; where that fails, its halves apart, until what fails is a single series, which is written down. */
  async #judge(group: SeriesMonitor[], context: HostStep): Promise<void> {
    const { host, failures, done, now, signal } = context;
    try {
      const { samples, updates } = await this.#catchUp(group, context);
      done.samples += samples;
      done.updates += updates;
      for (const { series } of group) await failures.succeeded(subjectOf(host, series.name));
    } catch (error) {
      // Half observed, they go on from what was saved, as after a kill.
      for (const { series } of group) this.#hosts.get(host.id)?.delete(series.id);
      if (databaseFailure(error) || signal?.aborted) throw error;
      const infos = group.map(({ series }) => series);
      if (infos.length === 1) return failures.failed(subjectOf(host, infos[0]?.name ?? ""), error);
      const again = await this.#monitorsOf(host.id, infos, now);
      const half = Math.ceil(again.length / 2);
      await this.#judge(again.slice(0, half), context);
      await this.#judge(again.slice(half), context);
    }
  }

  /** The monitors of a host's series; those of which nothing is known yet begin in their past. */
  async #monitorsOf(hostId: number, series: SeriesInfo[], now: number): Promise<SeriesMonitor[]> {
    const monitors = this.#hosts.get(hostId) ?? new Map<number, SeriesMonitor>();
    this.#hosts.set(hostId, monitors);
    if (series.some(({ id }) => !monitors.has(id))) {
      const saved = new Map((await readDetectorStates(this.#db, hostId)).map((state) => [state.seriesId, state]));
      const going = await readRunningAnomalies(this.#db, hostId, "learned");
      const running = new Map(going.map((anomaly) => [anomaly.seriesId, anomaly]));
      for (const info of series) {
        if (monitors.has(info.id)) continue;
        const state = saved.get(info.id);
        const detector = state && Detector.load(state.state);
        const upTo = detector ? state.upTo : minuteOf(now - LEARN_MS);
        monitors.set(info.id, new SeriesMonitor(info, detector ?? new Detector(), upTo, running.get(info.id)));
      }
    }
    return series.map(({ id }) => monitors.get(id) as SeriesMonitor);
  }

  /** Series that were judged up to what is still to come, by a clock that was set back since, go on with the minute that is just over. */
  async #rewind(hostId: number, monitors: SeriesMonitor[], to: number): Promise<number> {
    const ahead = monitors.filter(({ upTo }) => isAhead(upTo, to));
    if (ahead.length === 0) return 0;
    log.warn({ host: hostId, series: ahead.length }, "the clock was set back: detection goes on from now");
    const updates = ahead.flatMap((monitor) => monitor.rewind(to - 2 * MINUTE_MS) ?? []);
    await recordAnomalies(this.#db, hostId, updates, INCIDENT_PAUSE_MS);
    return updates.length;
  }

  async #catchUp(group: SeriesMonitor[], context: HostStep): Promise<{ samples: number; updates: number }> {
    const { host, to, now } = context;
    const newTo = new Set(group.filter(({ detector }) => detector.last === 0).map(({ series }) => series.id));
    const recordFrom = (seriesId: number) => (newTo.has(seriesId) ? now - RECORD_MS : 0);
    const done = { samples: 0, updates: 0 };
    // Further back nothing is learned, however long the clock or the portal stood still.
    const first = Math.max(Math.min(...group.map(({ upTo }) => upTo)) + MINUTE_MS, minuteOf(now - LEARN_MS));
    for (let from = first; from < to; from += DAY_MS) {
      const until = Math.min(from + DAY_MS, to);
      const { samples, updates } = await this.#observe(group, context, { from, until });
      const recorded = updates.filter(({ seriesId, lastAt }) => lastAt >= recordFrom(seriesId));
      await recordAnomalies(this.#db, host.id, recorded, INCIDENT_PAUSE_MS);
      done.samples += samples;
      done.updates += recorded.length;
    }
    return done;
  }

  /** Reads the minutes of a span and has each series observe its own; answers the anomalies, each as it is at the end. */
  async #observe(
    group: SeriesMonitor[],
    context: HostStep,
    { from, until }: { from: number; until: number },
  ): Promise<{ samples: number; updates: AnomalyUpdate[] }> {
    const hostId = context.host.id;
    const byId = new Map(group.map((monitor) => [monitor.series.id, monitor]));
    const series = group.map(({ series }) => String(series.id));
    const range = await queryRange(this.#db, { hostId, series, from, to: until, stepMs: MINUTE_MS });
    const offsetMs = zoneOffset(this.#zone, until);
    const updates = new Map<string, AnomalyUpdate>();
    let samples = 0;
    for (const { id, metric, points } of range.series) {
      const monitor = byId.get(id) as SeriesMonitor;
      const policy = policyFor(context, hostId, metric);
      const falseAlarms = context.falseAlarms.get(id) ?? new Map();
      for (const [at, value] of points) {
        if (value === null || at <= monitor.upTo) continue;
        samples++;
        const update = monitor.observe(at, value, { policy, falseAlarms, offsetMs });
        if (update) updates.set(`${id} ${update.detectedAt}`, update);
      }
      monitor.upTo = Math.max(monitor.upTo, until - MINUTE_MS);
    }
    return { samples, updates: [...updates.values()] };
  }
}
