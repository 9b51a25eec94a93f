import type { z } from "zod";
import type { Ask } from "#app/api/_serve/ask.ts";
import type { Permission } from "#lib/contract/permissions.ts";

/** What a tool has beside its input. `assertHost` refuses an id of no host; `page` makes the address of a page of the portal. */
export type Portal = { ask: Ask; assertHost(id: number): Promise<void>; page(path: string): string; now: number };

/** Something that an assistant can read. */
export type Tool = {
  name: string;
  title: string;
  description: string;
  /** Shown to whoever holds these; the routes that it asks check again. */
  permissions: readonly Permission[];
  input: z.ZodRawShape;
  run(input: never, portal: Portal): Promise<object>;
};

/** A tool whose input has the types of its shape. */
export const tool = <S extends z.ZodRawShape>(
  described: Omit<Tool, "input" | "run"> & {
    input: S;
    run(input: z.output<z.ZodObject<S>>, portal: Portal): Promise<object>;
  },
): Tool => described;
