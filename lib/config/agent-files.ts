import { join } from "node:path";

const dist = (): string => join(process.env.SIGHTLINE_ROOT ?? process.cwd(), "dist");

/** The agent's one file, which any Node 20 or later runs. */
export const agentProgram = (): string => join(dist(), "agent.mjs");

/** The platform that the portal runs on, and hence that of the executable that it can build: linux-x64. */
export const AGENT_PLATFORM: string = `${process.platform}-${process.arch}`;

/** The agent with a Node of its own, compressed by zstd; there only where it could be built. */
export const agentExecutable = (): string => join(dist(), "sightline-agent.zst");
