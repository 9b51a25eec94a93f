import type { Database } from "#lib/db/client.ts";
import { RESOLUTIONS } from "#lib/tsdb/maintenance.ts";
import { addHost, frame } from "./database.ts";

/** How long the span of a raw chunk is, ms. */
export const SPAN = RESOLUTIONS.raw.spanMs;
export const START = Math.floor(Date.UTC(2026, 5, 1) / SPAN) * SPAN;
export const LATER = START + 400 * SPAN;

type Host = Awaited<ReturnType<typeof addHost>>;

/** A host that goes on: the newest frame of a source is never compacted, and this one is of now. */
export async function addLivingHost(db: Database, name?: string): Promise<Host> {
  const host = await addHost(db, name);
  await host.writer.append(frame(Date.now(), [["cpu.usage", 0]]));
  return host;
}

/** Frames that could be compacted. */
export const pending = (db: Database) => db.frame.count({ where: { at: { lt: new Date(LATER) } } });

/** A gauge, a counter that is reset now and then, and a series that is not always there; a sample is missing now and then. */
export async function fill({ writer }: Host, count: number, stepMs = 20_000, from = START): Promise<void> {
  for (let n = 0; n < count; n++) {
    if (n % 97 === 13) continue;
    const total = (n % 500) * 4_096;
    await writer.append(
      frame(
        from + n * stepMs,
        [
          ["cpu.usage", Math.round(5_000 + 4_000 * Math.sin(n / 9)) / 100],
          ["network.receive.bytes", total, { interface: "eth0" }],
          ["load.1m", n % 5 === 0 ? null : n / 8],
        ],
        stepMs,
      ),
    );
  }
}
