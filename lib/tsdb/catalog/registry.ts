import { createHash } from "node:crypto";
import type { Database } from "#lib/db/client.ts";
import { type Frame, labelsKey, seriesName } from "#lib/metrics/frame.ts";

/** Where the values of a frame go: the ids that stand for its names. */
export type FrameTarget = { hostId: number; sourceId: number; layoutId: number };

/** Finds, or makes, the ids of a host's sources, series and layouts. Each frame shape is looked up once. */
export class Registry {
  readonly #db: Database;
  readonly #hostId: number;
  readonly #known = new Map<string, Promise<FrameTarget>>();

  constructor(db: Database, hostId: number) {
    this.#db = db;
    this.#hostId = hostId;
  }

  resolve(frame: Frame): Promise<FrameTarget> {
    const names = frame.readings.map((r) => seriesName(r.metric, r.labels)).join("\n");
    const key = `${frame.source.kind}\n${frame.source.name}\n${frame.intervalMs}\n${names}`;
    let place = this.#known.get(key);
    if (!place) {
      place = this.#register(frame);
      this.#known.set(key, place);
      place.catch(() => this.#known.delete(key));
    }
    return place;
  }

  async #register(frame: Frame): Promise<FrameTarget> {
    const hostId = this.#hostId;
    const { kind, name } = frame.source;
    const source = await this.#db.source.upsert({
      where: { hostId_kind_name: { hostId, kind, name } },
      create: { hostId, kind, name },
      update: {},
    });
    const seriesIds = await this.#series(source.id, frame);
    const seriesHash = createHash("sha256").update(seriesIds.join(",")).digest("base64url");
    const key = { hostId, sourceId: source.id, intervalMs: frame.intervalMs, seriesHash };
    const layout = await this.#db.layout.upsert({
      where: { hostId_sourceId_intervalMs_seriesHash: key },
      create: { ...key, seriesIds },
      update: {},
      select: { id: true },
    });
    return { hostId, sourceId: source.id, layoutId: layout.id };
  }

  async #series(sourceId: number, frame: Frame): Promise<number[]> {
    const hostId = this.#hostId;
    const wanted = frame.readings.map((r) => ({ metric: r.metric, labelsKey: labelsKey(r.labels), labels: r.labels }));
    await this.#db.series.createMany({
      data: wanted.map((series) => ({ hostId, sourceId, ...series })),
      skipDuplicates: true,
    });
    const rows = await this.#db.series.findMany({ where: { hostId, sourceId } });
    const ids = new Map(rows.map((row) => [`${row.metric}\n${row.labelsKey}`, row.id]));
    return wanted.map((series) => ids.get(`${series.metric}\n${series.labelsKey}`) as number);
  }
}
