import { backOffMs } from "#lib/collect/agent/back-off.ts";
import { type AgentOrders, ordersSchema } from "#lib/collect/agent/orders.ts";
import { type PortalClient, PortalError } from "#lib/collect/agent/portal-client.ts";
import type { PortalClock } from "#lib/collect/agent/portal-clock.ts";
import type { FrameSink, UnstorableFrame } from "#lib/collect/recorder.ts";
import { AGENT_PROTOCOL, type MetricKind } from "#lib/contract/enums.ts";
import type { ProcessTop } from "#lib/contract/processes.ts";
import { DomainError } from "#lib/errors.ts";
import { log } from "#lib/log.ts";
import { type Frame, frameShape, type Reading } from "#lib/metrics/frame.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

type Series = { metric: string; labels: Reading["labels"]; unit?: string; kind?: MetricKind; help?: string };
type Shape = { source: Frame["source"]; interval_ms: number; series: Series[] };

/** The frames of a request: each shape once, and what has that shape by its index. */
export function toBatch(frames: Frame[]): {
  shapes: Shape[];
  frames: { shape: number; at: number; values: (number | null)[]; processes?: ProcessTop }[];
} {
  const shapes = new Map<string, { index: number; shape: Shape }>();
  const sent = frames.map((frame) => {
    const { source, intervalMs, at, readings, processes } = frame;
    const key = frameShape(frame);
    const shape = () => ({
      source,
      interval_ms: intervalMs,
      series: readings.map(({ value: _, ...series }) => series),
    });
    const entry = shapes.get(key) ?? { index: shapes.size, shape: shape() };
    shapes.set(key, entry);
    return { shape: entry.index, at, values: readings.map(({ value }) => value), ...(processes && { processes }) };
  });
  return { shapes: [...shapes.values()].map(({ shape }) => shape), frames: sent };
}

type Answer = {
  refused: { frame: number; reason: string }[];
  now: number;
  settings: unknown;
  rotate: boolean;
};

/** What the sink needs of the agent, and reports to it. */
export type SinkPorts = {
  version: string;
  credential(): string;
  /** Frames that wait on the disk, and those that were given up. */
  counts(): { waiting: number; dropped: number };
  onOrders(orders: AgentOrders): void;
  onClock(): void;
  /** The portal wants another credential. */
  rotate(): Promise<void>;
};

/** After these answers trying again soon is no use. */
const PAUSES_MS: Record<number, number> = {
  401: 5 * MINUTE_MS,
  403: 5 * MINUTE_MS,
  404: MINUTE_MS,
  426: 10 * MINUTE_MS,
};

/** Sends frames to the portal, learns from its answers, and says how long to wait after failures. */
export class PortalSink implements FrameSink {
  readonly #client: PortalClient;
  readonly #clock: PortalClock;
  readonly #ports: SinkPorts;
  #leastPauseMs = 0;
  #machine: HostIdentity | undefined;

  constructor(client: PortalClient, clock: PortalClock, ports: SinkPorts) {
    this.#client = client;
    this.#clock = clock;
    this.#ports = ports;
  }

  /** What the machine is goes with the next frames. */
  describe(machine: HostIdentity): void {
    this.#machine = machine;
  }

  /** How long to wait (ms) after so many failures in a row, and after what the portal answered last. */
  pauseMs(failures: number): number {
    return backOffMs(failures, this.#leastPauseMs);
  }

  /** @throws DomainError validation where the portal cannot take these frames as they are; Error where they may be sent again */
  async append(frames: Frame[]): Promise<UnstorableFrame[]> {
    const machine = this.#machine;
    const begun = performance.now();
    const answer = (await this.#post({
      ...{
        protocol: AGENT_PROTOCOL,
        version: this.#ports.version,
        sent_at: this.#clock.ownTime(),
        ...this.#ports.counts(),
      },
      ...(machine ? { machine: { name: machine.name, system: machine.system } } : {}),
      ...toBatch(frames),
    })) as Answer;
    if (this.#machine === machine) this.#machine = undefined;
    if (this.#clock.learn(answer.now, performance.now() - begun)) this.#ports.onClock();
    this.#follow(answer.settings);
    if (answer.rotate)
      await this.#ports
        .rotate()
        .catch((error: Error) => log.warn({ reason: error.message }, "the credential was not changed"));
    return answer.refused.map(({ frame, reason }) => ({ index: frame, reason }));
  }

  #follow(settings: unknown): void {
    const { data, error } = ordersSchema.safeParse(settings);
    if (data) this.#ports.onOrders(data);
    else log.warn({ reason: error.message }, "the portal's settings are not understood: those of before are kept");
  }

  async #post(body: object): Promise<unknown> {
    try {
      const answer = await this.#client.post("agents/frames", body, this.#ports.credential());
      this.#leastPauseMs = 0;
      return answer;
    } catch (error) {
      const { status = 0, retryAfterMs = 0 } = error instanceof PortalError ? error : {};
      this.#leastPauseMs = Math.max(PAUSES_MS[status] ?? 0, retryAfterMs);
      if (status === 400 || status === 413) throw new DomainError("validation", (error as Error).message);
      throw error;
    }
  }
}
