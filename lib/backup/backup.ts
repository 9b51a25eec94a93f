import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Duplex, Readable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import { Decrypter, Encrypter } from "age-encryption";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { BackupReader } from "#lib/backup/reader.ts";
import { migrate } from "#lib/db/migrate.ts";
import { DomainError } from "#lib/errors.ts";

/** Everything else is in a backup. What belongs to the moment and is not worth keeping: who is signed in, who failed to, files in the making and jobs: a restored portal queues what is due anew. */
export const NOT_BACKED_UP = [
  "session",
  "account_link",
  "sign_in_failure",
  "rate_limit",
  "setup_token",
  "export_job",
  "job",
] as const;

const FORMAT = "sightline-backup-1";

/** scrypt's cost as a power of two, age's own default: a second a guess. */
const WORK_FACTOR = 18;

type BackupHeader = { format: string; migrations: string[]; days: string[] };
type TableHeader = { table: string; columns: string[] };
type Progress = (table: string, bytes: number) => void;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

const texts = async (client: pg.Client, sql: string, values: unknown[] = []): Promise<string[]> =>
  (await client.query<{ text: string }>(sql, values)).rows.map(({ text }) => text);

const MIGRATIONS = "SELECT migration_name AS text FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1";

const columnsOf = (client: pg.Client, table: string) =>
  texts(
    client,
    "SELECT column_name AS text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position",
    [table],
  );

/** Tables of whatever version the database is of, those first that others refer to: in this order they can be restored. */
async function tablesOf(client: pg.Client): Promise<string[]> {
  const left = new Set(
    await texts(
      client,
      `SELECT relname AS text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
       AND relname <> '_prisma_migrations' AND relname <> ALL ($1) ORDER BY 1`,
      [NOT_BACKED_UP],
    ),
  );
  const { rows: references } = await client.query<{ table: string; target: string }>(
    `SELECT c.relname AS "table", t.relname AS target FROM pg_constraint k
     JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid WHERE k.contype = 'f' AND c.oid <> t.oid`,
  );
  const ordered: string[] = [];
  while (left.size > 0) {
    const free = [...left].filter((name) => !references.some((r) => r.table === name && left.has(r.target)));
    if (free.length === 0) throw new Error(`The tables ${[...left].join(", ")} refer to one another in a circle`);
    for (const name of free) left.delete(name);
    ordered.push(...free);
  }
  return ordered;
}

/** A line of JSON, or some bytes, each with its length before it; no bytes end a table. */
function framed(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

const line = (value: BackupHeader | TableHeader | { end: true }) => framed(Buffer.from(JSON.stringify(value)));

/** Everything that a backup holds as one run of bytes, of one instant: writers go on meanwhile and are not in it. */
async function* dump(client: pg.Client, progress: Progress): AsyncGenerator<Buffer> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const days = await texts(client, "SELECT DISTINCT (at AT TIME ZONE 'UTC')::date::text AS text FROM frame ORDER BY 1");
  yield line({ format: FORMAT, migrations: await texts(client, MIGRATIONS), days });
  for (const table of await tablesOf(client)) {
    const columns = await columnsOf(client, table);
    yield line({ table, columns });
    const names = columns.map((name) => client.escapeIdentifier(name)).join(", ");
    const rows = client.query(
      copyTo(`COPY (SELECT ${names} FROM ${client.escapeIdentifier(table)}) TO STDOUT (FORMAT binary)`),
    );
    let bytes = 0;
    for await (const chunk of rows as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      yield framed(chunk);
    }
    yield framed(Buffer.alloc(0));
    progress(table, bytes);
  }
  yield line({ end: true });
  await client.query("COMMIT");
}

/** One stream behind another; what goes wrong in the first is told to whoever reads the second. */
function joined<T extends Duplex>(first: Readable, second: T): T {
  pipeline(first, second).catch(() => undefined);
  return second;
}

/**
 * Writes a backup: zstd, then age (https://age-encryption.org/v1) under a passphrase, so that `age --decrypt` opens it too.
 * The file has its name only once it is whole.
 */
export async function writeBackup(
  url: string,
  file: string,
  passphrase: string,
  progress: Progress,
  workFactor = WORK_FACTOR,
): Promise<void> {
  const client = await connect(url);
  const partial = `${file}.partial`;
  try {
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(workFactor);
    const plain = joined(Readable.from(dump(client, progress)), createZstdCompress());
    const sealed = await encrypter.encrypt(Readable.toWeb(plain) as ReadableStream<Uint8Array>);
    await pipeline(Readable.fromWeb(sealed as NodeReadableStream), createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    await client.end();
  }
}

async function assertEmpty(client: pg.Client): Promise<void> {
  const [used] = await texts(client, `SELECT 'x' AS text FROM host UNION ALL SELECT 'x' FROM "user" LIMIT 1`);
  if (used)
    throw new DomainError(
      "conflict",
      "The database is not empty: restore into an empty one, so that nothing is overwritten",
    );
}

/**
 * Brings the database to the version that the backup is of: its rows then go through the same migrations as those of a portal that is
 * upgraded.
 */
async function prepareVersion(url: string, prismaDir: string, { format, migrations }: BackupHeader): Promise<void> {
  if (format !== FORMAT)
    throw new DomainError("validation", "This is not a backup of Sightline, or one of a later version");
  const ours = await readdir(join(prismaDir, "migrations"));
  const later = migrations.filter((name) => !ours.includes(name));
  if (later.length > 0)
    throw new DomainError(
      "conflict",
      `The backup is of a later version (it has ${later.join(", ")}): restore it with that one`,
    );
  await migrate(url, prismaDir, migrations);
  const client = await connect(url);
  try {
    await assertEmpty(client);
    const applied = await texts(client, MIGRATIONS);
    if (applied.some((name) => !migrations.includes(name)))
      throw new DomainError(
        "conflict",
        "The backup is of an earlier version than the database: restore it into a new one, which no portal was started on",
      );
  } finally {
    await client.end();
  }
}

async function restoreTable(
  client: pg.Client,
  header: TableHeader,
  reader: BackupReader,
  progress: Progress,
): Promise<void> {
  if ((await columnsOf(client, header.table)).length === 0)
    throw new DomainError("validation", `The backup has an unknown table ${header.table}`);
  const names = header.columns.map((name) => client.escapeIdentifier(name)).join(", ");
  // What migrations put in, such as the rules that are shipped, is in the backup as it was then, or was removed.
  await client.query(`DELETE FROM ${client.escapeIdentifier(header.table)}`);
  const sink = client.query(
    copyFrom(`COPY ${client.escapeIdentifier(header.table)} (${names}) FROM STDIN (FORMAT binary)`),
  );
  let bytes = 0;
  for (let chunk = await reader.next(); chunk.length > 0; chunk = await reader.next()) {
    bytes += chunk.length;
    if (!sink.write(chunk)) await once(sink, "drain");
  }
  sink.end();
  await finished(sink);
  progress(header.table, bytes);
}

/** The numbering of every table goes on after the highest number that was restored. */
async function continueNumbering(client: pg.Client): Promise<void> {
  const numbered = await texts(
    client,
    "SELECT table_name AS text FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id' AND column_default LIKE 'nextval%'",
  );
  for (const table of numbered) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, 'id'), greatest((SELECT max(id) FROM ${client.escapeIdentifier(table)}), 1))`,
      [table],
    );
  }
}

async function restoreTables(
  client: pg.Client,
  reader: BackupReader,
  days: string[],
  progress: Progress,
): Promise<void> {
  await client.query("BEGIN");
  await client.query("SELECT ensure_frame_partition(d) FROM unnest($1::date[]) d", [days]);
  for (;;) {
    const next = JSON.parse((await reader.next()).toString()) as TableHeader | { end: true };
    if ("end" in next) break;
    await restoreTable(client, next, reader, progress);
  }
  await continueNumbering(client);
  await client.query("COMMIT");
}

/**
 * Restores a backup of this version or an earlier one into an empty database, and migrates it: all of it or nothing. `prismaDir` holds
 * the schema and its migrations.
 * @throws DomainError conflict, validation
 */
export async function readBackup(
  url: string,
  file: string,
  passphrase: string,
  progress: Progress,
  prismaDir: string,
): Promise<void> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const source = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  const opened = await decrypter.decrypt(source).catch(() => {
    throw new DomainError(
      "validation",
      "The backup cannot be opened: the passphrase is wrong, or the file is no backup",
    );
  });
  const plain = joined(Readable.fromWeb(opened as NodeReadableStream), createZstdDecompress());
  const reader = new BackupReader(plain);
  let client: pg.Client | undefined;
  try {
    const header = JSON.parse((await reader.next()).toString()) as BackupHeader;
    await prepareVersion(url, prismaDir, header);
    client = await connect(url);
    await restoreTables(client, reader, header.days, progress);
    await migrate(url, prismaDir);
  } catch (error) {
    if (!/invalid tag|unexpected end/i.test((error as Error).message)) throw error;
    throw new DomainError("validation", "The backup is damaged or cut off: nothing was restored");
  } finally {
    plain.destroy();
    await client?.end();
  }
}
