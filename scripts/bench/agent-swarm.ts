import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { PortalClient, PortalError } from "#lib/collect/agent/portal-client.ts";
import { PortalClock } from "#lib/collect/agent/portal-clock.ts";
import { PortalSink } from "#lib/collect/agent/portal-sink.ts";
import { reasonOf } from "#lib/log.ts";
import type { Frame } from "#lib/metrics/frame.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

// Many agents in one process of their own, each with its own connection, over HTTPS: what they cost is not the portal's.

type Order = { url: string; token: string; hosts: number; intervalMs: number; seconds: number; ca: string };

/** What became of all pushes: those that were answered and those that failed, and how long each took, ms. */
export type SwarmResult = {
  frames: number;
  failed: number;
  reasons: Record<string, number>;
  tookMs: number[];
  lateMs: number[];
};

const SERIES = 60;

const frameOf = (at: number, intervalMs: number): Frame => ({
  source: { kind: "host", name: "" },
  at,
  intervalMs,
  readings: Array.from({ length: SERIES }, (_, n) => ({
    metric: n === 0 ? "cpu.usage" : n === 1 ? "memory.usage" : "load.test",
    labels: (n < 2 ? {} : { n: String(n) }) as Record<string, string>,
    value: Math.round(Math.random() * 10_000) / 100,
  })),
});

async function enrol(client: PortalClient, token: string, n: number): Promise<string> {
  const credential = `sla_${randomBytes(32).toString("base64url")}`;
  const machine = { machine_id: `swarm-machine-${n}`, name: `swarm-${n}`, system: { os: "Debian 12", cores: 2 } };
  for (;;) {
    try {
      await client.post("agents/enrol", { protocol: 1, version: "0.1.0", token, credential, ...machine });
      return credential;
    } catch (error) {
      if (!(error instanceof PortalError) || error.retryAfterMs === 0) throw error;
      await sleep(error.retryAfterMs);
    }
  }
}

async function run({ url, token, hosts, intervalMs, seconds, ca }: Order): Promise<SwarmResult> {
  const result: SwarmResult = { frames: 0, failed: 0, reasons: {}, tookMs: [], lateMs: [] };
  // Enrolled and known with all their series, as a fleet is that has been there for a while.
  const sinks: PortalSink[] = [];
  for (let n = 0; n < hosts; n++) {
    const client = new PortalClient(url, Buffer.from(ca));
    const credential = await enrol(client, token, n);
    const sink = new PortalSink(client, new PortalClock(), {
      ...{ version: "0.1.0", credential: () => credential, counts: () => ({ waiting: 0, dropped: 0 }) },
      ...{ onOrders: () => undefined, onClock: () => undefined, rotate: async () => undefined },
    });
    await sink.append([frameOf(Date.now() - MINUTE_MS, intervalMs)]);
    sinks.push(sink);
  }
  process.send?.({ enrolled: hosts });
  const begun = performance.now();
  const pushes = sinks.map(async (sink, n) => {
    for (let due = begun + (n * intervalMs) / hosts; due < begun + seconds * 1000; due += intervalMs) {
      await sleep(Math.max(due - performance.now(), 0));
      const sentAt = performance.now();
      try {
        await sink.append([frameOf(Date.now(), intervalMs)]);
        result.frames += 1;
        result.tookMs.push(performance.now() - sentAt);
        result.lateMs.push(performance.now() - due);
      } catch (error) {
        result.failed += 1;
        const reason = reasonOf(error);
        result.reasons[reason] = (result.reasons[reason] ?? 0) + 1;
      }
    }
  });
  await Promise.all(pushes);
  return result;
}

process.once("message", (order: Order) => {
  void run(order).then((result) => process.send?.({ result }, () => process.exit(0)));
});
