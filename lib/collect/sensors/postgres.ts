import { percent, reading, type Sensor } from "#lib/collect/sensor.ts";
import type { Database } from "#lib/db/client.ts";
import {
  databaseSize,
  measureResponse,
  readServerStatus,
  type ServerStatus,
  TRANSACTION_IDS,
} from "#lib/db/server-status.ts";
import type { Reading } from "#lib/metrics/frame.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

const SIZE_EVERY_MS = MINUTE_MS;

/** The readings of a server's status that every server has; the response in ms. */
export const statusReadings = (status: ServerStatus, responseMs: number): Reading[] => [
  reading("postgres.response", responseMs),
  reading("postgres.connections", status.connections),
  reading("postgres.connections.active", status.active),
  reading("postgres.connections.usage", percent(status.connections, status.maxConnections)),
  reading("postgres.commits", status.commits),
  reading("postgres.rollbacks", status.rollbacks),
  reading("postgres.blocks.hit", status.blocksHit),
  reading("postgres.blocks.read", status.blocksRead),
  reading("postgres.deadlocks", status.deadlocks),
  reading("postgres.wraparound", percent(status.oldestTransactionAge, TRANSACTION_IDS)),
];

/** The PostgreSQL server that Sightline itself stores in. */
export function postgresSensor(db: Database): Sensor {
  let size = 0;
  let sizeDueAt = 0;
  return {
    name: "postgres",
    async read() {
      const responseMs = await measureResponse(db);
      const status = await readServerStatus(db);
      if (performance.now() >= sizeDueAt) {
        size = await databaseSize(db);
        sizeDueAt = performance.now() + SIZE_EVERY_MS;
      }
      return [...statusReadings(status, Math.round(responseMs * 1000) / 1000), reading("postgres.size", size)];
    },
  };
}
