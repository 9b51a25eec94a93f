import type { Cell, ColumnKind, Table } from "#lib/tables/table.ts";

/** How many items a table reads at once. */
export const BATCH = 500;

/** A column with the cell that it shows of an item. */
export type Field<T> = [key: string, title: string, kind: ColumnKind, cell: (item: T) => Cell];

/** A table of items, a row each, that come in batches. */
export function listTable<T>(name: string, fields: Field<T>[], batches: AsyncIterable<T[]>): Table {
  const rows = async function* (): AsyncGenerator<Cell[][]> {
    for await (const batch of batches) yield batch.map((item) => fields.map(([, , , cell]) => cell(item)));
  };
  return { name, columns: fields.map(([key, title, kind]) => ({ key, title, kind })), rows: rows() };
}

/** Items that are there already, as one batch. */
export async function* oneBatch<T>(items: T[]): AsyncGenerator<T[]> {
  yield items;
}

/** Pages of a list until one is not full. */
export async function* pages<T>(read: (skip: number) => Promise<T[]>): AsyncGenerator<T[]> {
  for (let skip = 0; ; skip += BATCH) {
    const page = await read(skip);
    yield page;
    if (page.length < BATCH) return;
  }
}
