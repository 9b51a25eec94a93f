import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { AgentStateFile } from "#lib/collect/agent/agent-state.ts";
import { type EnrolledState, newCredential } from "#lib/collect/agent/enrol.ts";
import { type AgentOrders, toChecks } from "#lib/collect/agent/orders.ts";
import type { PortalClient } from "#lib/collect/agent/portal-client.ts";
import { PortalClock } from "#lib/collect/agent/portal-clock.ts";
import { PortalSink } from "#lib/collect/agent/portal-sink.ts";
import { CheckRunner } from "#lib/collect/checks/check-runner.ts";
import { type CollectionSettings, startHostCollection } from "#lib/collect/collection/host-collection.ts";
import { DiskWatch } from "#lib/collect/disk-watch.ts";
import type { Prober } from "#lib/collect/prober.ts";
import { Recorder } from "#lib/collect/recorder.ts";
import { Spool } from "#lib/collect/spool.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";
import { HOUR_MS, SECOND_MS } from "#lib/time/durations.ts";

const DEFAULT_INTERVAL_MS = 5 * SECOND_MS;
/** What the machine is may change: memory is added, a kernel is updated. */
const DESCRIBE_MS = 12 * HOUR_MS;

/** Refuses a second agent in the same folder, by whatever path: the name is free again as soon as the first is gone, however it ends. @throws Error */
export async function assertOnlyAgent(dataDir: string): Promise<void> {
  const folder = realpathSync(dataDir);
  const name = `\0sightline-agent-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`;
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", () => reject(new Error(`another agent runs with the data folder ${dataDir}`)));
  server.listen(name, resolve);
  await promise;
  server.unref();
}

type Parts = {
  dataDir: string;
  file: AgentStateFile;
  state: EnrolledState;
  client: PortalClient;
  prober: Prober;
  version: string;
  describe(): Promise<HostIdentity>;
};

/** Keeps what the agent must know at its next start; a full disk costs no more than that. */
class KeptState {
  readonly #file: AgentStateFile;
  now: EnrolledState;

  constructor(file: AgentStateFile, state: EnrolledState) {
    this.#file = file;
    this.now = state;
  }

  keep(change: Partial<EnrolledState>): void {
    this.now = { ...this.now, ...change };
    try {
      this.#file.write(this.now);
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, "the agent's state was not written");
    }
  }

  /** The next credential must be on the disk before it is announced, and before it is used. @throws what the file system says */
  async rotate(announce: (next: string) => Promise<unknown>): Promise<void> {
    const next = this.now.nextCredential ?? newCredential();
    this.#file.write({ ...this.now, nextCredential: next });
    this.now = { ...this.now, nextCredential: next };
    await announce(next);
    const changed = { ...this.now, credential: next, nextCredential: undefined };
    this.#file.write(changed);
    this.now = changed;
    log.info("the credential was changed");
  }
}

/** Whoever installed the agent lets it ask the networks that the host is in. */
const toRuns = (orders: AgentOrders) =>
  toChecks(orders).map((definition) => ({ definition, trust: "administrator" as const }));

/** Before the portal has said so, no command line is read. */
const collectionOf = (orders: AgentOrders | undefined): CollectionSettings => ({
  intervalMs: orders?.collection_interval_ms ?? DEFAULT_INTERVAL_MS,
  commandLines: orders?.collect_command_lines ?? false,
});

/** Samples this machine and sends what it finds, until `stop` is called. */
export function runAgent({ dataDir, file, state, client, prober, version, describe }: Parts): {
  stop(): Promise<void>;
} {
  const kept = new KeptState(file, state);
  const clock = new PortalClock(state.offsetMs);
  const spool = new Spool(join(dataDir, "spool"));
  const disk = new DiskWatch(dataDir, (low) => low === null && spool.holdReserve());

  function follow(orders: AgentOrders): void {
    if (JSON.stringify(orders) === JSON.stringify(kept.now.orders)) return;
    kept.keep({ orders });
    collection.change(collectionOf(orders));
    checks.use(toRuns(orders));
  }

  const sink = new PortalSink(client, clock, {
    version,
    credential: () => kept.now.credential,
    counts: () => ({ waiting: spool.frames, dropped: spool.dropped + recorder.status.lost }),
    onOrders: follow,
    onClock() {
      log.warn({ offsetMs: clock.offsetMs }, "this machine's clock is not the portal's: times are corrected");
      kept.keep({ offsetMs: clock.offsetMs });
    },
    rotate: () => kept.rotate((credential) => client.post("agents/credential", { credential }, kept.now.credential)),
  });
  const recorder = new Recorder(sink, spool, { pauseMs: (failures) => sink.pauseMs(failures) });
  const collection = startHostCollection(prober, collectionOf(state.orders), (frame) => void recorder.record(frame), {
    clocks: clock,
  });
  const checks = new CheckRunner((frame) => void recorder.record(frame), clock);
  if (state.orders) checks.use(toRuns(state.orders));
  const describeNow = () =>
    void describe()
      .then((machine) => sink.describe(machine))
      .catch((error: Error) => log.warn({ reason: reasonOf(error) }, "what the machine is could not be read"));
  describeNow();
  const describing = setInterval(describeNow, DESCRIBE_MS);

  return {
    async stop() {
      clearInterval(describing);
      collection.stop();
      checks.stop();
      disk.close();
      await recorder.close();
      client.close();
      await prober.stop();
    },
  };
}
