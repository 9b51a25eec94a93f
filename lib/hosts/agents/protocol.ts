import { AGENT_PROTOCOL } from "#lib/contract/enums.ts";
import { DomainError } from "#lib/errors.ts";

/** The oldest that is still understood. */
const OLDEST_PROTOCOL = 1;

const TOO_OLD =
  "This agent is too old for the portal: download it again from /agent and start it with the same data folder, which keeps what waits";
const TOO_NEW = "This agent is newer than the portal: update the portal, or use the agent that it serves at /agent";

/** Refuses agents that speak otherwise: they keep what they have until one of both is updated. @throws DomainError upgrade-required */
export function assertProtocol(protocol: number): void {
  if (protocol >= OLDEST_PROTOCOL && protocol <= AGENT_PROTOCOL) return;
  throw new DomainError("upgrade-required", protocol < OLDEST_PROTOCOL ? TOO_OLD : TOO_NEW);
}
