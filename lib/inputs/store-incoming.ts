import type { DropReason } from "#lib/contract/input-names.ts";
import type { Database } from "#lib/db/client.ts";
import { durationText } from "#lib/format/duration.ts";
import { printable, refusalOf, storableHelp } from "#lib/inputs/check-series.ts";
import { InputCounters } from "#lib/inputs/counters.ts";
import type { InputCaller } from "#lib/inputs/credentials.ts";
import { type Drop, Drops } from "#lib/inputs/drops.ts";
import { SampleRate } from "#lib/inputs/sample-rate.ts";
import { sourceOf } from "#lib/inputs/sources.ts";
import { labelsKey } from "#lib/metrics/frame.ts";
import type { IncomingSample, IncomingSeries } from "#lib/metrics/incoming.ts";
import { recentSettings } from "#lib/settings/recent.ts";
import { DAY_MS, MINUTE_MS } from "#lib/time/durations.ts";
import { LAST_DATE_MS } from "#lib/time/instant.ts";
import { type HostSeries, SampleWriter, type Slot, type SlotSamples, seriesKey } from "#lib/tsdb/append.ts";

/** How far ahead of the portal's clock a sample may be. */
const AHEAD_MS = 5 * MINUTE_MS;

/** What a process keeps of its inputs. */
type Receiver = {
  writer: SampleWriter;
  counters: InputCounters;
  rate: SampleRate;
  /** The slot of a series that comes again with the same labels, as an object. */
  slots: WeakMap<object, Slot>;
};

const shared = globalThis as typeof globalThis & { sightlineReceivers?: WeakMap<Database, Receiver> };

function receiverOf(db: Database): Receiver {
  shared.sightlineReceivers ??= new WeakMap();
  let receiver = shared.sightlineReceivers.get(db);
  if (!receiver) {
    const writer = new SampleWriter(db);
    receiver = { writer, counters: new InputCounters(db), rate: new SampleRate(), slots: new WeakMap() };
    shared.sightlineReceivers.set(db, receiver);
  }
  return receiver;
}

/** The counters of a process's inputs. */
export const inputCounters = (db: Database): InputCounters => receiverOf(db).counters;

export type Stored = { stored: number; dropped: Drop[] };
type Limits = { earliest: number; latest: number; now: number };

/**
 * Stores samples of an input, durable when it resolves. What is there already stays as it is and counts as stored, so that all may be sent again. What
 * cannot be stored stops nothing else and is counted by reason. An object of labels must not be changed once it was handed over: the same object is
 * taken for the same labels, which saves looking at them again.
 * @throws DomainError rate-limited, unavailable; what the database says where it may be sent again
 */
export async function storeIncoming(
  db: Database,
  input: InputCaller,
  series: IncomingSeries[],
  now: number,
  drops = new Drops(),
): Promise<Stored> {
  const { writer, counters, rate, slots } = receiverOf(db);
  const count = series.reduce((sum, { samples }) => sum + samples.length, 0);
  rate.take(input.hostId, count, input.maxSamplesPerSecond, now);
  const runs = await readRuns(db, series, now, drops);
  const host = await writer.seriesOf(input.hostId, now);
  const found = await findSlots({ host, input, slots, now, drops }, runs).catch((error: unknown) => {
    // Perhaps the host was removed, or another process changed what is known here.
    writer.forget(input.hostId);
    throw error;
  });
  if (found.length > 0) await writer.append(found, now);
  const stored = found.reduce((sum, { samples }) => sum + samples.length, 0);
  const dropped = drops.list();
  counters.note(input.hostId, stored, dropped, now);
  return { stored, dropped };
}

/** A host without series. */
const NO_SERIES: Room = { countLive: () => 0, find: () => undefined };

/** The series of which storing would keep something, by the same rules; what it would drop is counted. Nothing is stored. @throws what the database says */
export async function checkIncoming(
  db: Database,
  { hostId, maxSeries }: { hostId: number | undefined; maxSeries: number },
  series: IncomingSeries[],
  now: number,
  drops: Drops,
): Promise<IncomingSeries[]> {
  // Read anew, and not kept: this process may not be the one that stores.
  const host = hostId === undefined ? NO_SERIES : await new SampleWriter(db).seriesOf(hostId, now);
  const runs = (await readRuns(db, series, now, drops)).filter((run) => isTaken(run, drops));
  const unknown = runs.map((run) => ({ ...run, key: seriesKey(run.series.metric, labelsKey(run.series.labels)) }));
  return withinLimit(host, { maxSeries }, unknown, drops).map((run) => run.series);
}

/** Series with those of their samples whose time can be right. */
async function readRuns(db: Database, series: IncomingSeries[], now: number, drops: Drops): Promise<Run[]> {
  const { retention_raw_days } = await recentSettings(db);
  const limits = { earliest: now - retention_raw_days * DAY_MS, latest: now + AHEAD_MS, now };
  return series.flatMap((entry): Run[] => {
    const samples = withinClock(entry, limits, drops);
    return samples.length > 0 ? [{ series: entry, samples }] : [];
  });
}

/** Whether a series can be stored by its name and labels. */
function isTaken({ series, samples }: Run, drops: Drops): boolean {
  const refusal = refusalOf(series);
  if (refusal) drops.add(refusal.reason, samples.length, () => `${printable(series)}: ${refusal.why}`);
  return refusal === undefined;
}

/** The samples of a series whose time can be right. */
function withinClock(series: IncomingSeries, { earliest, latest, now }: Limits, drops: Drops): IncomingSample[] {
  const { samples } = series;
  const isRight = ({ at }: IncomingSample) => at >= earliest && at <= latest && Number.isInteger(at);
  if (samples.every(isRight)) return samples;
  return samples.filter((sample) => {
    if (isRight(sample)) return true;
    const { at } = sample;
    const [reason, why]: [DropReason, string] =
      !Number.isInteger(at) || Math.abs(at) > LAST_DATE_MS
        ? ["invalid_time", "its time is no whole number of ms since 1970"]
        : at > latest
          ? ["ahead_of_clock", `it is ${durationText(at - now)} ahead of the portal's clock`]
          : ["too_old", `it is ${durationText(now - at)} old, and raw samples are kept for less`];
    drops.add(reason, 1, () => `${printable(series)}: ${why}`);
    return false;
  });
}

/** Samples of a series that may be stored. */
type Run = { series: IncomingSeries; samples: IncomingSample[] };
type Unknown = Run & { key: string };
type Room = Pick<HostSeries, "countLive" | "find">;
type Registration = { host: HostSeries; input: InputCaller; slots: Receiver["slots"]; now: number; drops: Drops };

/** Whether a series still has its slot, and is what it is said to be. */
const fits = (slot: Slot, { metric, kind, unit, help }: IncomingSeries): boolean =>
  slot.position >= 0 &&
  slot.metric === metric &&
  (kind === undefined || kind === slot.kind) &&
  (unit === undefined || unit === slot.unit || storableHelp(unit) === slot.unit) &&
  (help === undefined || help === slot.help || storableHelp(help) === slot.help);

/** The slots of all series that may be stored. */
async function findSlots(context: Registration, runs: Run[]): Promise<SlotSamples[]> {
  const { slots, host, drops } = context;
  const unknown: Unknown[] = [];
  const found: (SlotSamples & Run)[] = [];
  for (const run of runs) {
    const { series } = run;
    const last = slots.get(series.labels);
    if (last && host.owns(last) && fits(last, series)) {
      found.push({ ...run, slot: last });
      continue;
    }
    if (!isTaken(run, drops)) continue;
    const key = seriesKey(series.metric, labelsKey(series.labels));
    const slot = host.find(key);
    if (!slot || !fits(slot, series)) unknown.push({ ...run, key });
    else {
      slots.set(series.labels, slot);
      found.push({ ...run, slot });
    }
  }
  if (unknown.length === 0) return found;
  found.push(...(await register(context, unknown)));
  // One that had ended may have lost its slot to another request's series meanwhile.
  const there = found.filter(({ slot }) => slot.position >= 0);
  if (there.length === found.length) return found;
  const lost = found.filter(({ slot }) => slot.position < 0);
  return [...there, ...(await findSlots(context, lost))];
}

/** Gives slots to series that have none, as many as the input may have; the others are dropped. */
async function register(context: Registration, unknown: Unknown[]): Promise<(SlotSamples & Run)[]> {
  const { host, input, slots, now, drops } = context;
  const allowed = withinLimit(host, input, unknown, drops);
  const wanted = new Map(
    allowed.map(({ key, series: { metric, labels, kind, unit, help } }) => [
      key,
      {
        ...{ key, metric, labels, kind, unit: storableHelp(unit), help: storableHelp(help) },
        labelsKey: labelsKey(labels),
        source: sourceOf(input.kind, labels),
      },
    ]),
  );
  if (wanted.size > 0) await host.register([...wanted.values()], now);
  return allowed.map(({ key, ...run }) => {
    const slot = host.find(key);
    if (!slot) throw new Error(`${printable(run.series)} has no slot after it was registered`);
    slots.set(run.series.labels, slot);
    return { ...run, slot };
  });
}

function withinLimit(
  host: Room,
  { maxSeries }: Pick<InputCaller, "maxSeries">,
  unknown: Unknown[],
  drops: Drops,
): Unknown[] {
  let room = maxSeries - host.countLive();
  const fresh = new Set<string>();
  return unknown.filter(({ key, series, samples }) => {
    if (fresh.has(key) || host.find(key)) return true;
    if (room > 0) {
      room -= 1;
      fresh.add(key);
      return true;
    }
    drops.add("series_limit", samples.length, () => `${printable(series)}: the input has ${maxSeries} series already`);
    return false;
  });
}
