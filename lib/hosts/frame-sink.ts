import type { Database } from "#lib/db/client.ts";
import { isReferenceBroken } from "#lib/db/refusal.ts";
import { registerHost } from "#lib/hosts/hosts.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";
import { storeProcesses } from "#lib/processes/store.ts";
import { FrameWriter, Registry } from "#lib/tsdb/append.ts";

/**
 * Stores the frames of this machine. Its id is looked up when the first frame is stored, so that frames can be collected before the database has
 * ever answered, and again where the database no longer knows it.
 */
export class HostFrameSink {
  readonly #db: Database;
  readonly #identify: () => Promise<HostIdentity>;
  #target: Promise<{ hostId: number; writer: FrameWriter }> | undefined;

  constructor(db: Database, identify: () => Promise<HostIdentity>) {
    this.#db = db;
    this.#identify = identify;
  }

  /** The number of this machine in the database. */
  async hostId(): Promise<number> {
    return (await this.#open()).hostId;
  }

  /** @throws DomainError validation where it is the frames that can never be stored; what the database says otherwise */
  async append(frames: Frame[]): Promise<void> {
    try {
      await this.#store(frames);
    } catch (error) {
      if (!isReferenceBroken((error as Error).cause) && !isReferenceBroken(error)) throw error;
      this.#target = undefined;
      await this.#store(frames);
    }
  }

  /** The processes after the frames: a kill in between stores both again. */
  async #store(frames: Frame[]): Promise<void> {
    const { hostId, writer } = await this.#open();
    await writer.appendAll(hostId, frames);
    await storeProcesses(this.#db, hostId, frames);
  }

  #open() {
    if (!this.#target) {
      this.#target = this.#register();
      this.#target.catch(() => {
        this.#target = undefined;
      });
    }
    return this.#target;
  }

  async #register() {
    const hostId = await registerHost(this.#db, await this.#identify());
    return { hostId, writer: new FrameWriter(this.#db, new Registry(this.#db)) };
  }
}
