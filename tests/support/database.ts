import { after } from "node:test";
import pg from "pg";
import { type Database, openDatabase } from "#lib/db/client.ts";
import { registerHost } from "#lib/hosts/hosts.ts";
import type { Frame, Reading } from "#lib/metrics/frame.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";
import { TEMPLATE } from "./template.ts";

/** The server that `npm test` started; its template database has the migrations. */
function serverUrl(database: string): string {
  const url = new URL(process.env.SIGHTLINE_TEST_SERVER ?? "");
  url.pathname = `/${database}`;
  return url.toString();
}

/** Runs a statement that is not of any test's own database. */
export async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl("postgres") });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const open = new Map<string, Database>();

// Registered for the whole file: inside a hook it would run when that hook's test ends.
after(async () => {
  for (const [name, db] of open) {
    await db.$disconnect();
    await administer(`DROP DATABASE ${name} WITH (FORCE)`);
  }
});

/** A database of its own for the calling test file, gone at its end. */
export async function freshDatabase(template: string = TEMPLATE): Promise<{ db: Database; url: string }> {
  const name = `test_${process.pid}_${open.size}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = serverUrl(name);
  const db = openDatabase(url, { maxConnections: 4 });
  open.set(name, db);
  return { db, url };
}

export async function addHost(db: Database, name = "web-1") {
  const hostId = await registerHost(db, { machineId: `id-of-${name}`, name, system: { os: "Debian 12", cores: 2 } });
  const writer = new FrameWriter(db, new Registry(db));
  return { hostId, writer: { append: (frame: Frame) => writer.append(hostId, frame) } };
}

export function frame(
  at: number,
  readings: [string, number | null, Record<string, string>?][],
  intervalMs = 5_000,
): Frame {
  return {
    source: { kind: "host", name: "" },
    at,
    intervalMs,
    readings: readings.map(([metric, value, labels = {}]): Reading => ({ metric, value, labels })),
  };
}
