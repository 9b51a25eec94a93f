import { randomUUID } from "node:crypto";
import type { InputKind } from "#lib/contract/input-names.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { isUniqueViolation } from "#lib/db/unique.ts";
import { DomainError } from "#lib/errors.ts";
import { INPUT_MACHINE, registerHost, updateIdentity } from "#lib/hosts/hosts.ts";
import { updateHost } from "#lib/hosts/update-host.ts";
import { makeToken } from "#lib/inputs/credentials.ts";
import { MINUTE_MS, SECOND_MS } from "#lib/time/durations.ts";
import { countSlots } from "#lib/tsdb/catalog.ts";

/** NOTIFY channel: at commit, that an input was made, changed or removed. */
export const INPUT_CHANNEL = "sightline_input";

const notifyChange = (tx: Connection) => tx.$executeRaw`SELECT pg_notify(${INPUT_CHANNEL}, '')`;

type Limits = { maxSeries: number; maxBodyKib: number; maxSamplesPerSecond: number };
export type NewInput = { name: string; kind: InputKind } & Partial<Limits>;
export type InputChange = Partial<{ name: string; enabled: boolean } & Limits>;

/** An input with how it fares; times of drops say when samples were dropped last. */
export type InputInfo = Limits & {
  id: number;
  name: string;
  kind: InputKind;
  enabled: boolean;
  createdAt: Date;
  tokenAt: Date;
  lastReceivedAt: Date | null;
  stored: number;
  samplesPerSecond: number;
  series: number;
  refused: number;
  problem: string | null;
  problemAt: Date | null;
  dropped: { reason: string; samples: number; example: string; lastAt: Date }[];
};

/** What the host of an input is: no machine. */
const systemOf = (input: InputKind) => ({ kind: "input", input });

/** The rate of the last whole minute, or of the running minute where there is none. */
function rateOf(row: { minuteAt: Date | null; minuteSamples: bigint; minuteBefore: bigint }, now: number): number {
  if (!row.minuteAt) return 0;
  const age = now - row.minuteAt.getTime();
  if (age >= 2 * MINUTE_MS) return 0;
  if (age >= MINUTE_MS) return Number(row.minuteSamples) / (MINUTE_MS / SECOND_MS);
  if (row.minuteBefore > 0n) return Number(row.minuteBefore) / (MINUTE_MS / SECOND_MS);
  return Number(row.minuteSamples) / Math.max(1, age / SECOND_MS);
}

/** All inputs by name, or the one with an id, at `now` (ms). */
export async function listInputs(db: Connection, now = Date.now(), id?: number): Promise<InputInfo[]> {
  const rows = await db.input.findMany({
    where: id === undefined ? {} : { hostId: id },
    orderBy: { name: "asc" },
    omit: { tokenHash: true, createdBy: true },
    include: { drops: { orderBy: { lastAt: "desc" }, omit: { hostId: true } } },
  });
  const series = await countSlots(
    db,
    rows.map(({ hostId }) => hostId),
  );
  return rows.map(({ hostId, drops, minuteAt, minuteSamples, minuteBefore, ...row }) => ({
    ...row,
    id: hostId,
    kind: row.kind as InputKind,
    stored: Number(row.stored),
    refused: Number(row.refused),
    samplesPerSecond: rateOf({ minuteAt, minuteSamples, minuteBefore }, now),
    series: series.get(hostId) ?? 0,
    dropped: drops.map((drop) => ({ ...drop, samples: Number(drop.samples) })),
  }));
}

/** @throws DomainError not-found */
export async function readInput(db: Connection, id: number, now = Date.now()): Promise<InputInfo> {
  const [input] = await listInputs(db, now, id);
  if (!input) throw new DomainError("not-found", `There is no input ${id}: GET /api/v1/inputs lists them`);
  return input;
}

async function orNameTaken<T>(name: string | undefined, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const message = `There is an input ${name} already: choose another name`;
    throw new DomainError("conflict", message, { fields: [{ field: "name", message }] });
  }
}

/** Stores in the same transaction what else belongs to an input. */
type Also = (tx: Connection, id: number) => Promise<void>;

/**
 * Makes an input with a host of its own; its credential is answered once and never kept. One that fetches has none: "".
 * @throws DomainError conflict for a name that there is
 */
export async function createInput(
  db: Database,
  { name, kind, ...limits }: NewInput,
  userId: string | null,
  also?: Also,
): Promise<InputInfo & { token: string }> {
  const { token, tokenHash } = kind === "scrape" ? { token: "", tokenHash: null } : makeToken();
  const id = await orNameTaken(
    name,
    db.$transaction(async (tx) => {
      // No agent can claim this: a machine's own id has no colon.
      const hostId = await registerHost(tx, {
        machineId: `${INPUT_MACHINE}${randomUUID()}`,
        name,
        system: systemOf(kind),
      });
      await tx.input.create({ data: { ...limits, hostId, name, kind, tokenHash, createdBy: userId } });
      await also?.(tx, hostId);
      await notifyChange(tx);
      return hostId;
    }),
  );
  return { ...(await readInput(db, id)), token };
}

/** Changes a part of an input. @throws DomainError not-found, conflict for a name that there is */
export async function updateInput(db: Database, id: number, change: InputChange, also?: Also): Promise<InputInfo> {
  const { kind } = await readInput(db, id);
  await orNameTaken(
    change.name,
    db.$transaction(async (tx) => {
      await tx.input.update({ where: { hostId: id }, data: change, select: { hostId: true } });
      await also?.(tx, id);
      await notifyChange(tx);
      if (change.name !== undefined) await updateIdentity(tx, id, { name: change.name, system: systemOf(kind) });
    }),
  );
  return readInput(db, id);
}

/** Gives an input another credential; that of before holds no longer. @throws DomainError not-found, conflict for an input that fetches */
export async function renewToken(db: Database, id: number, now = Date.now()): Promise<InputInfo & { token: string }> {
  const { kind } = await readInput(db, id);
  if (kind === "scrape") throw new DomainError("conflict", "This input fetches what it stores: it has no token");
  const { token, tokenHash } = makeToken();
  await db.input.update({
    where: { hostId: id },
    data: { tokenHash, tokenAt: new Date(now) },
    select: { hostId: true },
  });
  return { ...(await readInput(db, id)), token };
}

/** Removes an input. What came by it stays, on a host that is retired. @throws DomainError not-found */
export async function removeInput(db: Database, id: number, now = Date.now()): Promise<void> {
  await readInput(db, id, now);
  await updateHost(db, id, { retired: true }, now);
  await db.$transaction([db.input.deleteMany({ where: { hostId: id } }), notifyChange(db)]);
}
