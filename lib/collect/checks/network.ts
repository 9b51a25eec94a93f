import { execFile } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { CheckError } from "#lib/collect/checks/outcome.ts";
import type { CheckDefinition, CheckResult } from "#lib/contract/checks.ts";
import { assertLiteral, connectOutgoing, outgoingLookup, type Trust } from "#lib/notify/outgoing.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

type Found = Partial<CheckResult> & { detail: string };

/** Whether a port of a host accepts connections. */
export async function checkTcp({ target, timeoutMs }: CheckDefinition, trust: Trust): Promise<Found> {
  const [, host = "", port = "0"] = /^(.+):(\d+)$/.exec(target) ?? [];
  const socket = await connectOutgoing({ host, port: Number(port) }, trust, timeoutMs);
  socket.destroy();
  return { detail: `${target} accepts connections` };
}

const textOf = (record: unknown): string => {
  if (Array.isArray(record)) return record.join("");
  if (typeof record !== "object" || record === null) return String(record);
  const { exchange, priority } = record as { exchange?: string; priority?: number };
  return exchange === undefined ? JSON.stringify(record) : `${priority} ${exchange}`;
};

/** Whether a name has records of a kind, and among them the one that is expected. */
export async function checkDns(
  { target, timeoutMs, options }: CheckDefinition,
  trust: Trust,
  signal: AbortSignal,
): Promise<Found> {
  const { record = "A", resolver, expected } = options;
  const asking = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (resolver !== undefined) {
    assertLiteral(resolver, trust);
    asking.setServers([resolver.includes(":") ? `[${resolver}]` : resolver]);
  }
  signal.addEventListener("abort", () => asking.cancel(), { once: true });
  const answers = ((await asking.resolve(target, record)) as unknown[]).map(textOf);
  const list = answers.slice(0, 5).join(", ");
  if (answers.length === 0) throw new CheckError("answer", `${target} has no ${record} record`);
  if (expected !== undefined && !answers.includes(expected))
    throw new CheckError("answer", `${target} has ${list}, expected ${expected}`);
  return { detail: list };
}

/** Node opens no raw sockets: the system's ping does, where it is there and may. */
function ping(address: string, timeoutMs: number, signal: AbortSignal): Promise<string> {
  const args = ["-n", "-c", "1", "-W", String(Math.max(1, Math.round(timeoutMs / SECOND_MS))), address];
  return new Promise((resolve, reject) => {
    execFile("ping", args, { signal, timeout: timeoutMs + SECOND_MS }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const { code } = error as { code?: unknown };
      if (code === "ENOENT") reject(new CheckError("forbidden", "There is no ping here: install iputils-ping"));
      else if (/permitted/i.test(stderr)) reject(new CheckError("forbidden", "ping may not open a raw socket here"));
      else if (code === 1 || error.name === "AbortError")
        reject(new CheckError("timeout", `${address} does not answer`));
      else reject(new CheckError("connection", stderr.trim().split("\n").at(-1) || error.message));
    });
  });
}

const addressOf = (target: string, trust: Trust): Promise<string> =>
  new Promise((resolve, reject) => {
    outgoingLookup(trust)(target, { all: false }, (error, address) =>
      error ? reject(error) : resolve(String(address)),
    );
  });

/** Whether a host answers an ICMP echo, and after how long. */
export async function checkPing(
  { target, timeoutMs }: CheckDefinition,
  trust: Trust,
  signal: AbortSignal,
): Promise<Found> {
  assertLiteral(target, trust);
  const address = await addressOf(target, trust);
  const output = await ping(address, timeoutMs, signal);
  const took = Number(/time[=<]([\d.]+) ms/.exec(output)?.[1] ?? Number.NaN);
  return { detail: `${address} answers`, ...(Number.isNaN(took) ? {} : { durationMs: took }) };
}
