import { reasonOf } from "#lib/log.ts";
import { type LoopContext, TargetLoop } from "#lib/scrape/run/target-loop.ts";
import type { TargetState } from "#lib/scrape/store/target-state.ts";
import type { PoolChanges } from "#lib/scrape/store/target-states.ts";
import type { Discovery } from "#lib/scrape/targets/discovery.ts";
import type { DroppedTarget } from "#lib/scrape/targets/target.ts";

const droppedState = ({ discovered, problem }: DroppedTarget): TargetState => ({
  ...{ health: "dropped", url: "", labels: {}, discovered, at: null, durationS: null, samples: null },
  error: problem ?? null,
});

/** The loops of one configuration, one for each target that there is. */
export class ScrapePool {
  readonly #discovery: Discovery;
  readonly #context: LoopContext;
  #loops = new Map<string, TargetLoop>();
  #dropped = new Map<string, TargetState>();
  #flushed = new Map<string, number>();
  #problem: string | undefined;
  /** Loops of the configuration of before, until targets are known. */
  #before: Map<string, TargetLoop>;

  /** `before` is the pool of the same input under another configuration: targets that stay keep their series. */
  constructor(discovery: Discovery, context: LoopContext, before?: ScrapePool) {
    this.#discovery = discovery;
    this.#context = context;
    this.#before = before ? before.#loops : new Map();
  }

  /** Follows what discovery says at `now` (ms). */
  async follow(now: number): Promise<void> {
    const { targets, dropped, problem } = await this.#discovery.read(now).catch((error: unknown) => {
      this.#problem = reasonOf(error);
      throw error;
    });
    this.#problem = problem;
    this.#dropped = new Map(dropped.map((target) => [target.key, droppedState(target)]));
    const wanted = new Map(targets.map((target) => [target.key, target]));
    for (const [key, loop] of [...this.#before, ...this.#loops]) {
      if (wanted.has(key)) continue;
      this.#loops.delete(key);
      void loop.stop(true);
    }
    await Promise.all([...wanted.keys()].map((key) => this.#before.get(key)?.stop(false)));
    for (const [key, target] of wanted) {
      if (this.#loops.has(key)) continue;
      const before = this.#before.get(key);
      const loop = new TargetLoop(target, this.#context, before);
      this.#loops.set(key, loop);
      loop.start();
    }
    this.#before = new Map();
  }

  /** What changed since it was asked last. */
  changes(): PoolChanges {
    const changed = new Map<string, TargetState>();
    const versions = new Map<string, number>();
    for (const [key, { state, version }] of this.#loops) {
      versions.set(key, version);
      if (this.#flushed.get(key) !== version) changed.set(key, state);
    }
    for (const [key, state] of this.#dropped) {
      versions.set(key, 0);
      if (!this.#flushed.has(key)) changed.set(key, state);
    }
    this.#flushed = versions;
    return { keys: [...versions.keys()], changed, problem: this.#problem };
  }

  /** All states are changes again: those of before were not written down. */
  forgetChanges(): void {
    this.#flushed = new Map();
  }

  /** Closes the connections of a pool whose loops went to another one. */
  release(): void {
    this.#context.client.close();
  }

  /** Ends all loops; with `ends`, their series too. */
  async stop(ends: boolean): Promise<void> {
    await Promise.all([...this.#loops.values(), ...this.#before.values()].map((loop) => loop.stop(ends)));
    this.release();
  }
}
