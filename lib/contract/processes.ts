import { endpoint } from "#lib/contract/endpoint.ts";
import * as z from "#lib/contract/schema.ts";
import { hostQuery, hostRef, instant } from "#lib/contract/shared.ts";
import { isStorable } from "#lib/contract/storable.ts";

/** A sample names the first 15 by CPU, by memory and by I/O. */
export const MAX_GROUPS = 45;
/** Of a command line are kept so many characters. */
const MAX_COMMAND = 200;

const text = (max: number) => z.string().max(max).refine(isStorable, "Write text without U+0000 and lone surrogates");
const amount = z.number().min(0).max(1e15);

/** Processes of one name, container and unit: what they used together since the sample before. */
export const processGroupSchema = z.object({
  name: text(64).min(1),
  container: text(128).describe("Empty outside containers"),
  unit: text(256).describe("systemd's, empty where there is none"),
  count: z.number().int().min(1).max(4_194_304),
  cpu: z.number().min(0).max(1e6).describe("percent of one core"),
  memory: amount.describe("Resident, bytes; what processes share counts in each"),
  read: amount.nullable().describe("bytes per second from storage; null where the kernel does not say"),
  write: amount.nullable().describe("bytes per second to storage; null where the kernel does not say"),
  pid: z.number().int().min(0).max(4_194_304).describe("Of the process that used most"),
  command: text(MAX_COMMAND).describe("Its command line, masked; empty where none is kept"),
});

/** The processes that used most over the `spanMs` before a sample. */
export const processTopSchema = z.object({
  spanMs: z.number().int().min(1).max(86_400_000),
  groups: z.array(processGroupSchema).max(MAX_GROUPS),
});

export type ProcessGroup = z.infer<typeof processGroupSchema>;
export type ProcessTop = z.infer<typeof processTopSchema>;

/** A range that is averaged is at most so long. */
export const MAX_RANGE_MS = 24 * 3_600_000;

export const processes = {
  read: endpoint({
    method: "get",
    path: "/processes",
    tag: "Hosts",
    summary: "Which processes used most CPU, memory and I/O at a time, or on average over a range",
    permission: "metrics:read",
    query: z.object({
      ...hostQuery,
      at: z
        .string()
        .optional()
        .describe("ISO 8601, ms since the epoch, or now-5m: the sample of that time. Default: now"),
      from: z.string().optional().describe("With `to`: the average over [from, to), at most 24 h"),
      to: z.string().optional(),
    }),
    response: z.object({
      host: hostRef,
      from: instant.nullable().describe("Since when the figures count; null where nothing is kept of that time"),
      to: instant.nullable(),
      samples: z.number().int(),
      groups: z.array(
        processGroupSchema.extend({
          command: z
            .string()
            .nullable()
            .describe("null for roles without processes:commands, and while command lines are turned off"),
        }),
      ),
      kept: z.object({ from: instant, to: instant }).nullable().describe("Of which time processes are kept"),
      retentionDays: z.number().int(),
    }),
  }),
};
