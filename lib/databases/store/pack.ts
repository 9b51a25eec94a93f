import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { SessionMinute } from "#lib/databases/store/session-groups.ts";
import type { StatementDelta } from "#lib/databases/store/statement-deltas.ts";

// What is stored of a minute or an hour: JSON with each text once and rows as arrays, deflated. A hundred statements take some 3 KB.

/** What statements did within a span, s. */
export type StatementMinute = { spanS: number; statements: StatementDelta[] };

type Packed = { v: 1; span: number; texts: string[]; rows: number[][] };

/** Above this an inflated minute is broken, or somebody's trap. */
const MOST_BYTES = 8 * 1024 * 1024;

const hundredth = (value: number) => Math.round(value * 100) / 100;

class Texts {
  readonly list: string[] = [];
  readonly #places = new Map<string, number>();

  indexOf(text: string): number {
    const earlier = this.#places.get(text);
    if (earlier !== undefined) return earlier;
    this.#places.set(text, this.list.length);
    return this.list.push(text) - 1;
  }
}

const pack = (packed: Packed): Uint8Array<ArrayBuffer> => new Uint8Array(deflateRawSync(JSON.stringify(packed)));

function unpack(bytes: Uint8Array): Packed {
  return JSON.parse(inflateRawSync(bytes, { maxOutputLength: MOST_BYTES }).toString("utf8")) as Packed;
}

/** A span of statements as bytes. */
export function packStatements({ spanS, statements }: StatementMinute): Uint8Array<ArrayBuffer> {
  const texts = new Texts();
  const rows = statements.map(({ queryId, database, user, calls, ms, rows, hit, read, ioMs, temp, wal }) => [
    ...[queryId, database, user].map((text) => texts.indexOf(text)),
    ...[calls, hundredth(ms), rows, hit, read, hundredth(ioMs), temp, wal],
  ]);
  return pack({ v: 1, span: spanS, texts: texts.list, rows });
}

/** What `packStatements` made bytes of. @throws Error where they are broken */
export function unpackStatements(bytes: Uint8Array): StatementMinute {
  const { span, texts, rows } = unpack(bytes);
  const text = (index = -1) => texts[index] ?? "";
  return {
    spanS: span,
    statements: rows.map(
      ([id, db, who, calls = 0, ms = 0, count = 0, hit = 0, read = 0, ioMs = 0, temp = 0, wal = 0]) => ({
        ...{ queryId: text(id), database: text(db), user: text(who) },
        ...{ calls, ms, rows: count, hit, read, ioMs, temp, wal },
      }),
    ),
  };
}

/** A span of sessions as bytes. */
export function packSessions({ samples, groups }: SessionMinute): Uint8Array<ArrayBuffer> {
  const texts = new Texts();
  const rows = groups.map(({ wait, queryId, user, database, seen }) => [
    ...[wait, queryId, user, database].map((text) => texts.indexOf(text)),
    seen,
  ]);
  return pack({ v: 1, span: samples, texts: texts.list, rows });
}

/** What `packSessions` made bytes of. @throws Error where they are broken */
export function unpackSessions(bytes: Uint8Array): SessionMinute {
  const { span, texts, rows } = unpack(bytes);
  const text = (index = -1) => texts[index] ?? "";
  return {
    samples: span,
    groups: rows.map(([wait, id, who, db, seen = 0]) => ({
      ...{ wait: text(wait), queryId: text(id), user: text(who), database: text(db), seen },
    })),
  };
}
