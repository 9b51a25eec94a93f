import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentState, AgentStateFile } from "#lib/collect/agent/agent-state.ts";
import { backOffMs } from "#lib/collect/agent/back-off.ts";
import { type AgentOrders, ordersSchema } from "#lib/collect/agent/orders.ts";
import { type PortalClient, PortalError } from "#lib/collect/agent/portal-client.ts";
import { PortalClock } from "#lib/collect/agent/portal-clock.ts";
import { AGENT_PROTOCOL } from "#lib/contract/enums.ts";
import { hashToken } from "#lib/crypto/signed.ts";
import { log, reasonOf } from "#lib/log.ts";
import type { HostIdentity } from "#lib/metrics/host.ts";

/** An agent that the portal knows. */
export type EnrolledState = AgentState & { host: { id: number; name: string } };

type Answer = { host: { id: number; name: string }; now: number; settings: AgentOrders };

/** What an agent is let in by: 32 random bytes. */
export const newCredential = (): string => `sla_${randomBytes(32).toString("base64url")}`;

/** Asks until there is an answer: a portal that is away is waited for. @throws PortalError where it refuses for good */
async function askForEntry(client: PortalClient, body: object, signal: AbortSignal): Promise<Answer> {
  for (let failures = 1; ; failures++) {
    try {
      return (await client.post("agents/enrol", body)) as Answer;
    } catch (error) {
      const { status = 0, retryAfterMs = 0 } = error instanceof PortalError ? error : {};
      if (status >= 400 && status < 500 && status !== 429) throw error;
      const pauseMs = Math.round(backOffMs(failures, retryAfterMs));
      log.warn({ reason: reasonOf(error), againInMs: pauseMs }, "not enrolled yet");
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

/**
 * Has the portal let this agent in by a token. The credential is made, and written down, before it is asked for, so that an agent that is killed
 * meanwhile asks again for the same; what it was let in by before is kept until then. @throws PortalError where it is refused; what the file system says
 */
export async function enrol(
  client: PortalClient,
  file: AgentStateFile,
  input: {
    url: string;
    token: string;
    version: string;
    machine: HostIdentity;
    name: string | undefined;
    signal: AbortSignal;
  },
): Promise<EnrolledState> {
  const { url, token, version, machine, name, signal } = input;
  const tokenHash = hashToken(token);
  const before = file.read();
  const { machineId } = machine;
  const earlier = [before?.pending, before].find(
    (state) => state?.tokenHash === tokenHash && state.machineId === machineId,
  );
  const credential = earlier?.credential ?? newCredential();
  const pending = { url, machineId, name, credential, tokenHash };
  // What let it in before holds until there is a yes: a token that is refused must not lock it out.
  file.write(before?.host ? { ...before, pending } : pending);
  const body = { protocol: AGENT_PROTOCOL, version, token, credential, machine_id: machineId };
  const answer = await askForEntry(client, { ...body, name: machine.name, system: machine.system }, signal);
  const clock = new PortalClock();
  clock.learn(answer.now, 0);
  const orders = ordersSchema.parse(answer.settings);
  const enrolled = { ...pending, host: answer.host, orders, offsetMs: clock.offsetMs };
  file.write(enrolled);
  log.info({ host: answer.host }, "enrolled");
  return enrolled;
}
