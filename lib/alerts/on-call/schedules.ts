import type { z } from "zod";
import { listPeople, userNames } from "#lib/access/users.ts";
import { type OnCallPlan, type Override, onCallAt, shiftsOf } from "#lib/alerts/on-call/rotation.ts";
import type { onCallSchema } from "#lib/contract/alert-routing.ts";
import { rolesWith } from "#lib/contract/permissions.ts";
import type { Connection } from "#lib/db/client.ts";
import type { OnCallOverride, OnCallSchedule as Row } from "#lib/db/generated/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { zoneOffset } from "#lib/time/instant.ts";

/** A schedule as it is written. */
export type OnCallInput = z.output<typeof onCallSchema>;

type Shift = { userId: string; name: string; from: Date; to: Date; override: boolean };

/** A schedule with who is on call now and in the next two weeks. */
export type OnCallInfo = OnCallInput & {
  id: number;
  now: { userId: string; name: string } | null;
  shifts: Shift[];
  problem: string | null;
};

const AHEAD_MS = 14 * DAY_MS;

const noSuch = (id: number) => new DomainError("not-found", `There is no on-call schedule ${id}`);

const planOf = ({ zone, layers }: Pick<Row, "zone" | "layers">): OnCallPlan => ({
  zone,
  layers: layers as OnCallPlan["layers"],
});

const spanOf = ({ userId, startsAt, endsAt }: OnCallOverride): Override => ({
  ...{ userId, from: startsAt.getTime(), to: endsAt.getTime() },
});

type Stored = Row & { overrides: OnCallOverride[] };

const OVERRIDES = { overrides: { orderBy: { id: "asc" } } } as const;

async function toInfo(db: Connection, row: Stored, now: number): Promise<OnCallInfo> {
  const [plan, overrides] = [planOf(row), row.overrides.map(spanOf)];
  const members = [...new Set(plan.layers.flatMap((layer) => layer.members))];
  const names = await userNames(db, [...new Set([...members, ...overrides.map(({ userId }) => userId)])]);
  const nameOf = (userId: string) => names.get(userId) ?? "an account that is gone";
  const current = onCallAt(plan, overrides, now);
  const gone = members.filter((id) => !names.has(id)).length;
  return {
    ...{ id: row.id, name: row.name, ...plan },
    now: current ? { userId: current.userId, name: nameOf(current.userId) } : null,
    shifts: shiftsOf(plan, overrides, now, now + AHEAD_MS).map(({ userId, from, to, override }) => ({
      ...{ userId, name: nameOf(userId), from: new Date(from), to: new Date(to), override },
    })),
    problem: gone > 0 ? `${gone} of its members have no account any more: take them out` : null,
  };
}

/** All schedules by name, as of `now` (ms). */
export async function listOnCall(db: Connection, now: number): Promise<OnCallInfo[]> {
  const rows = await db.onCallSchedule.findMany({ orderBy: { name: "asc" }, include: OVERRIDES });
  return Promise.all(rows.map((row) => toInfo(db, row, now)));
}

/** Who may be put on call: those that may acknowledge. */
export const listOnCallPeople = (db: Connection): Promise<{ id: string; name: string }[]> =>
  listPeople(db, rolesWith("alerts:acknowledge"));

/** @throws DomainError validation, naming the field */
async function assertPlan(db: Connection, { zone, layers }: OnCallInput): Promise<void> {
  zoneOffset(zone, 0);
  const people = new Set((await listOnCallPeople(db)).map(({ id }) => id));
  for (const [n, { members, from, to }] of layers.entries()) {
    const wrong = members.findIndex((id) => !people.has(id));
    if (wrong >= 0)
      throw invalidField(
        `layers.${n}.members.${wrong}`,
        "Name accounts that may acknowledge alerts and are not disabled",
      );
    if ((from === undefined) !== (to === undefined))
      throw invalidField(`layers.${n}.to`, "Name both times of the day, or none");
  }
}

async function assertName(db: Connection, name: string, id?: number): Promise<void> {
  const other = await db.onCallSchedule.findUnique({ where: { name }, select: { id: true } });
  if (other && other.id !== id) throw invalidField("name", `There is a schedule ${name} already`);
}

/** Creates a schedule. @throws DomainError validation */
export async function createOnCall(db: Connection, input: OnCallInput): Promise<void> {
  await assertPlan(db, input);
  await assertName(db, input.name);
  await db.onCallSchedule.create({ data: input });
}

/** Writes the whole of a schedule. @throws DomainError validation, not-found */
export async function replaceOnCall(db: Connection, id: number, input: OnCallInput): Promise<void> {
  await assertPlan(db, input);
  await assertName(db, input.name, id);
  if ((await db.onCallSchedule.updateMany({ where: { id }, data: input })).count === 0) throw noSuch(id);
}

/** Deletes a schedule. @throws DomainError not-found */
export async function removeOnCall(db: Connection, id: number): Promise<void> {
  if ((await db.onCallSchedule.deleteMany({ where: { id } })).count === 0) throw noSuch(id);
}

type NewOverride = { userId: string; startsAt: Date; endsAt: Date };

/** Has somebody take over for a time. @throws DomainError validation, not-found */
export async function overrideOnCall(db: Connection, scheduleId: number, override: NewOverride): Promise<void> {
  const { userId, startsAt, endsAt } = override;
  if (!(await db.onCallSchedule.findUnique({ where: { id: scheduleId }, select: { id: true } })))
    throw noSuch(scheduleId);
  if (endsAt <= startsAt) throw invalidField("ends_at", "It must end later than it starts");
  if (!(await listOnCallPeople(db)).some(({ id }) => id === userId))
    throw invalidField("user_id", "Name an account that may acknowledge alerts and is not disabled");
  await db.onCallOverride.create({ data: { ...override, scheduleId } });
}

/** Who is on call by a schedule of a name at `now` (ms): undefined where nobody is. @throws DomainError not-found */
export async function whoIsOnCall(db: Connection, name: string, now: number): Promise<string | undefined> {
  const row = await db.onCallSchedule.findUnique({ where: { name }, include: OVERRIDES });
  if (!row) throw new DomainError("not-found", `There is no on-call schedule ${name} any more`);
  return onCallAt(planOf(row), row.overrides.map(spanOf), now)?.userId;
}

/** The shifts of a schedule from three months before `now` (ms) to three after, with names. @throws DomainError not-found */
export async function readShifts(db: Connection, id: number, now: number): Promise<{ name: string; shifts: Shift[] }> {
  const row = await db.onCallSchedule.findUnique({ where: { id }, include: OVERRIDES });
  if (!row) throw noSuch(id);
  const shifts = shiftsOf(planOf(row), row.overrides.map(spanOf), now - 90 * DAY_MS, now + 90 * DAY_MS);
  const names = await userNames(db, [...new Set(shifts.map(({ userId }) => userId))]);
  return {
    name: row.name,
    shifts: shifts.map(({ from, to, ...shift }) => ({
      ...{ ...shift, from: new Date(from), to: new Date(to) },
      name: names.get(shift.userId) ?? "an account that is gone",
    })),
  };
}
