import pg from "pg";
import { type Database, openDatabase } from "#lib/db/client.ts";
import { registerHost } from "#lib/hosts/hosts.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { appendBulk, Registry } from "#lib/tsdb/append.ts";

export type History = {
  /** Metrics, each with its labels. */
  series: [string, Record<string, string>?][];
  from: number;
  to: number;
  stepMs: number;
  /** The values at an instant, in the order of the series. */
  valuesAt(at: number, n: number): ArrayLike<number | null>;
};

const BATCH = 2_000;

/** Stores a made-up past of a new host, partitions and all; answers its id. */
export async function addHistory(url: string, name: string, history: History): Promise<number> {
  const db: Database = openDatabase(url, { maxConnections: 1 });
  try {
    const hostId = await registerHost(db, { machineId: `id-of-${name}`, name, system: { os: "Debian 12", cores: 4 } });
    await fillHistory(url, hostId, history);
    return hostId;
  } finally {
    await db.$disconnect();
  }
}

/** Stores a made-up past of a host that is there. */
export async function fillHistory(url: string, hostId: number, history: History): Promise<void> {
  const db: Database = openDatabase(url, { maxConnections: 1 });
  const client = new pg.Client({ connectionString: url });
  // When a test or bench fails the server may be stopped under this: the failure itself is the one to show.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { series, from, to, stepMs, valuesAt } = history;
    const readings = series.map(([metric, labels = {}]) => ({ metric, labels, value: 0 }));
    const source = { kind: "host" as const, name: "" };
    const target = await new Registry(db).resolve(hostId, { source, at: from, intervalMs: stepMs, readings });
    await client.query(
      "SELECT ensure_frame_partition(d::date) FROM generate_series($1::timestamptz, $2::timestamptz, '1 day') d",
      [new Date(Math.floor(from / DAY_MS) * DAY_MS), new Date(to)],
    );
    const count = Math.floor((to - from) / stepMs);
    for (let begin = 0; begin < count; begin += BATCH) {
      const frames = Array.from({ length: Math.min(BATCH, count - begin) }, (_, i) => {
        const at = from + (begin + i) * stepMs;
        return { at, values: valuesAt(at, begin + i) };
      });
      await appendBulk(client, [{ ...target, frames }]);
    }
  } finally {
    await client.end();
    await db.$disconnect();
  }
}
