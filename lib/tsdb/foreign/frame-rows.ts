import { STALE_HIGH, STALE_LOW } from "#lib/metrics/stale-marker.ts";
import type { GrowingSchema, GrowingSource, Slot } from "#lib/tsdb/foreign/slot.ts";

/** A part of a frame: the values of some positions of a source's schema at one instant (ms). */
export class FrameRow {
  readonly source: GrowingSource;
  readonly schema: GrowingSchema;
  readonly at: number;
  #values: Float64Array<ArrayBuffer>;
  #present: Uint8Array;
  /** How long the frame is: what is behind its last value is not sent. */
  length = 0;

  constructor(source: GrowingSource, schema: GrowingSchema, at: number) {
    [this.source, this.schema, this.at] = [source, schema, at];
    this.#values = new Float64Array(schema.seriesIds.length);
    this.#present = new Uint8Array(schema.seriesIds.length);
  }

  /** Takes a value where there is none yet. */
  add(position: number, value: number, stale: boolean): void {
    if (position >= this.#present.length) this.#grow(Math.max(position + 1, this.schema.seriesIds.length));
    if (this.#present[position]) return;
    this.#present[position] = 1;
    if (stale) {
      const words = new Uint32Array(this.#values.buffer);
      words[2 * position] = STALE_LOW;
      words[2 * position + 1] = STALE_HIGH;
    } else this.#values[position] = value;
    if (position >= this.length) this.length = position + 1;
  }

  /** Takes over a value of another row, bit for bit. */
  copy(from: FrameRow, position: number, to: number): void {
    this.add(to, 0, false);
    this.#values.set(from.#values.subarray(position, position + 1), to);
  }

  has(position: number): boolean {
    return this.#present[position] === 1;
  }

  remove(position: number): void {
    this.#present[position] = 0;
    while (this.length > 0 && !this.#present[this.length - 1]) this.length--;
  }

  #grow(width: number): void {
    const [values, present] = [new Float64Array(width), new Uint8Array(width)];
    values.set(this.#values);
    present.set(this.#present);
    [this.#values, this.#present] = [values, present];
  }

  /** The values as PostgreSQL's binary float8[], in which what is missing is NULL. */
  encode(): Buffer {
    let count = 0;
    for (let n = 0; n < this.length; n++) count += this.#present[n] as number;
    const bytes = Buffer.allocUnsafe(ARRAY_HEADER + 4 * this.length + 8 * count);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const words = new Uint32Array(this.#values.buffer);
    const header = [1, count < this.length ? 1 : 0, FLOAT8_OID, this.length, 1];
    for (const [n, word] of header.entries()) view.setInt32(4 * n, word);
    let at = ARRAY_HEADER;
    for (let n = 0; n < this.length; n++) {
      if (!this.#present[n]) {
        view.setInt32(at, -1);
        at += 4;
        continue;
      }
      view.setInt32(at, 8);
      view.setUint32(at + 4, words[2 * n + 1] as number);
      view.setUint32(at + 8, words[2 * n] as number);
      at += 12;
    }
    return bytes;
  }
}

const FLOAT8_OID = 701;
const ARRAY_HEADER = 20;

/** Parts of frames that wait to be stored, each instant of a source once. */
export class FrameRows {
  readonly #rows = new Map<number, Map<number, FrameRow>>();
  /** Of schemas that have been begun anew since. */
  readonly #former: FrameRow[] = [];
  #last: FrameRow | undefined;

  add({ source, position }: Slot, at: number, value: number, stale: boolean): void {
    let row = this.#last;
    if (row?.source !== source || row.at !== at || row.schema !== source.schema) {
      row = this.#rowOf(source, at);
      this.#last = row;
    }
    row.add(position, value, stale);
  }

  #rowOf(source: GrowingSource, at: number): FrameRow {
    let rows = this.#rows.get(source.id);
    if (!rows) {
      rows = new Map();
      this.#rows.set(source.id, rows);
    }
    let row = rows.get(at);
    if (row && row.schema !== source.schema) {
      this.#former.push(row);
      row = undefined;
    }
    if (!row) {
      row = new FrameRow(source, source.schema, at);
      rows.set(at, row);
      source.cadence.note(at);
    }
    return row;
  }

  /** In the one order in which all writers lock: by source and instant. Rounds, since no statement may touch a frame twice. */
  rounds(): FrameRow[][] {
    const all = [...this.#rows.values()].flatMap((rows) => [...rows.values()]);
    const sorted = all.sort((a, b) => a.source.id - b.source.id || a.at - b.at);
    return [...this.#former.map((row) => [row]), ...(sorted.length > 0 ? [sorted] : [])];
  }
}
