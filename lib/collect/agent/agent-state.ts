import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { ordersSchema } from "#lib/collect/agent/orders.ts";

const schema = z.object({
  url: z.string(),
  machineId: z.string(),
  /** What it was given by --name. */
  name: z.string().optional(),
  credential: z.string(),
  /** Announced, or about to be: takes the other's place. */
  nextCredential: z.string().optional(),
  /** Of the token that let it in, so that another one is known as new. */
  tokenHash: z.string().optional(),
  host: z.object({ id: z.number(), name: z.string() }).optional(),
  /** What it would be let in by, while the portal has not said yes. */
  pending: z
    .object({
      url: z.string(),
      machineId: z.string(),
      name: z.string().optional(),
      credential: z.string(),
      tokenHash: z.string(),
    })
    .optional(),
  orders: ordersSchema.optional(),
  /** The portal's clock less this one's, ms. */
  offsetMs: z.number().optional(),
});

/** What an agent must not forget. It has been let in once it knows its host. */
export type AgentState = z.infer<typeof schema>;

/** The agent's state on disk, written whole or not at all. */
export class AgentStateFile {
  readonly #path: string;

  constructor(dir: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#path = join(dir, "agent.json");
  }

  /** Undefined before the first. @throws Error where the file is there and not the agent's */
  read(): AgentState | undefined {
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      throw new Error(`${this.#path} is damaged: remove it and enrol the agent again by a new token`);
    }
  }

  /** On the disk when it returns. @throws what the file system says */
  write(state: AgentState): void {
    const fd = openSync(`${this.#path}.new`, "w", 0o600);
    try {
      writeSync(fd, JSON.stringify(state));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(`${this.#path}.new`, this.#path);
  }
}
