import type { ByteWriter } from "hyparquet-writer";
import type { Cell, Column, ColumnKind, Table } from "#lib/tables/table.ts";

/** So many rows are held and written at once. */
const GROUP = 50_000;

const SCHEMA: Record<ColumnKind, object> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  number: { type: "DOUBLE" },
  share: { type: "DOUBLE" },
  time: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
};

const columnsOf = (columns: Column[], rows: Cell[][]) =>
  columns.map(({ key }, n) => ({
    name: key,
    offsetIndex: false,
    data: rows.map((row) => row[n] as Cell),
  }));

/** Takes what was written since the last time; the file's own offsets go on. */
function flush(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

/** Apache Parquet: a row group every 50,000 rows, compressed with Snappy. */
export async function* parquetBytes({ columns, rows }: Table): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const writer = new ByteWriter();
  const root = { name: "root", num_children: columns.length };
  const schema = [
    root,
    ...columns.map(({ key, kind }) => ({ name: key, repetition_type: "OPTIONAL", ...SCHEMA[kind] })),
  ];
  const file = new ParquetWriter({ writer, schema: schema as never, createdBy: "Sightline" });
  let held: Cell[][] = [];
  const write = () => {
    file.write({ columnData: columnsOf(columns, held), rowGroupSize: GROUP });
    held = [];
    return flush(writer);
  };
  for await (const batch of rows) {
    for (const row of batch) held.push(row);
    if (held.length >= GROUP) yield write();
  }
  if (held.length > 0) yield write();
  file.finish();
  yield flush(writer);
}
