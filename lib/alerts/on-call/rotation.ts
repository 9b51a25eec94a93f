import type { z } from "zod";
import type { onCallSchema } from "#lib/contract/alert-routing.ts";
import { dayOf, timeOfDay, weekdayOf } from "#lib/time/calendar.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { instantOf, localTime } from "#lib/time/zone.ts";

/** A schedule's zone and layers, as they are written. */
export type OnCallPlan = Pick<z.output<typeof onCallSchema>, "zone" | "layers">;

/** Somebody takes over in [from, to), ms. */
export type Override = { userId: string; from: number; to: number };

/** Somebody is on call in [from, to), ms. */
export type Shift = Override & { override: boolean };

type Layer = OnCallPlan["layers"][number];

/** Whether a layer covers a time that clocks show: a span that ends before it begins goes over midnight, and is of the day it began on. */
function covers({ days, from, to }: Layer, local: number): boolean {
  const [begin, end] = [from ? timeOfDay(from) : 0, to ? timeOfDay(to) : DAY_MS];
  const inDay = local - dayOf(local) * DAY_MS;
  const overnight = end <= begin;
  const within = overnight ? inDay >= begin || inDay < end : inDay >= begin && inDay < end;
  const day = overnight && inDay < end ? dayOf(local) - 1 : dayOf(local);
  return within && (days.length === 0 || days.includes(weekdayOf(day)));
}

/** Whose turn it is in a layer, by the time that clocks show: a change of clocks moves no hand-over. */
function memberAt(layer: Layer, local: number): string | undefined {
  const start = Date.parse(`${layer.startsOn}T00:00:00Z`) + timeOfDay(layer.handover);
  if (local < start || !covers(layer, local)) return undefined;
  const turn = Math.floor((local - start) / (layer.everyDays * DAY_MS));
  return layer.members[turn % layer.members.length];
}

/** Who is on call at an instant (ms); undefined where nobody is. An override comes first, the newest of several; then the last layer that covers. */
export function onCallAt(
  { zone, layers }: OnCallPlan,
  overrides: Override[],
  at: number,
): { userId: string; override: boolean } | undefined {
  const own = overrides.findLast(({ from, to }) => from <= at && at < to);
  if (own) return { userId: own.userId, override: true };
  const local = localTime(zone, at);
  for (const layer of layers.toReversed()) {
    const userId = memberAt(layer, local);
    if (userId) return { userId, override: false };
  }
  return undefined;
}

/** When it may be another's turn: hand-overs and the edges of spans, as clocks show them, in [from, to), ms. */
function turnsOf({ zone, layers }: OnCallPlan, overrides: Override[], from: number, to: number): number[] {
  const times = new Set(
    layers.flatMap((layer) => [
      0,
      ...[layer.handover, layer.from, layer.to].flatMap((text) => (text ? [timeOfDay(text)] : [])),
    ]),
  );
  const turns = new Set<number>(overrides.flatMap((override) => [override.from, override.to]));
  for (let day = dayOf(localTime(zone, from)) - 1; day <= dayOf(localTime(zone, to)) + 1; day++)
    for (const time of times) turns.add(instantOf(zone, day * DAY_MS + time));
  return [...turns].filter((at) => at > from && at < to).sort((a, b) => a - b);
}

/** The shifts of [from, to), ms, in their order; where nobody is on call there is none. */
export function shiftsOf(plan: OnCallPlan, overrides: Override[], from: number, to: number): Shift[] {
  const edges = [from, ...turnsOf(plan, overrides, from, to), to];
  const shifts: Shift[] = [];
  for (const [n, begin] of edges.slice(0, -1).entries()) {
    const [end, who] = [edges[n + 1] as number, onCallAt(plan, overrides, begin)];
    const last = shifts.at(-1);
    if (!who) continue;
    if (last && last.to === begin && last.userId === who.userId && last.override === who.override) last.to = end;
    else shifts.push({ ...who, from: begin, to: end });
  }
  return shifts;
}
