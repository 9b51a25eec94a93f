import { endpoint } from "#lib/contract/endpoint.ts";
import { INPUT_KINDS } from "#lib/contract/input-names.ts";
import * as z from "#lib/contract/schema.ts";
import { idParams, instant } from "#lib/contract/shared.ts";

const TAG = "Inputs";

const name = z.string().trim().min(1, "Say what it receives from").max(100);

const limits = {
  maxSeries: z.number().int().min(1).max(1_000_000).describe("Series at most that go on at once; more are dropped"),
  maxBodyKib: z.number().int().min(64).max(262_144).describe("How long a body may be once it is unpacked"),
  maxSamplesPerSecond: z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .describe("On average over ten seconds; more are answered 429"),
};

const scrape = z
  .string()
  .min(1, "Write what to scrape: an entry of scrape_configs")
  .max(50_000, "At most 50,000 characters: many targets go into a file of file_sd_configs")
  .describe("Of the kind scrape: an entry of Prometheus' scrape_configs, as YAML or JSON");

const labels = z.record(z.string(), z.string());

const target = z.object({
  health: z.enum(["unknown", "up", "down", "dropped"]).describe("dropped: by relabel_configs, or no valid address"),
  url: z.string(),
  labels: labels.describe("After relabel_configs: those that its series have"),
  discoveredLabels: labels.describe("Before relabel_configs"),
  lastScrapeAt: instant.nullable(),
  durationS: z.number().nullable(),
  samples: z.number().int().nullable(),
  error: z.string().nullable().describe("Why it is down or dropped, or why its samples are not stored"),
});

const count = z.number().int();
const targetCounts = z
  .object({
    up: count,
    down: count,
    unknown: count.describe("Not scraped yet"),
    dropped: count,
    problem: z.string().nullable().describe("Why there may be fewer targets than meant"),
  })
  .nullable()
  .describe("How many targets are in which state; null for other kinds");

const tried = z.object({
  ok: z.boolean(),
  targets: z.number().int(),
  dropped: z.number().int(),
  url: z.string().nullable(),
  labels,
  durationS: z.number().nullable(),
  scraped: z.number().int().describe("Samples before metric_relabel_configs"),
  series: z.number().int(),
  stored: z.number().int().describe("Of how many series something would be stored"),
  drops: z
    .array(z.object({ reason: z.string(), samples: z.number().int(), example: z.string() }))
    .describe("Samples that would not be stored, by reason"),
  examples: z.array(z.string()).describe("The first ten series with their values"),
  error: z.string().nullable(),
});

const input = z.object({
  id: z.number().int().describe("Also the host that holds its series"),
  name,
  kind: z.enum(INPUT_KINDS),
  enabled: z.boolean(),
  scrape: z.string().nullable().describe("What it scrapes, as YAML with its secrets hidden; null for other kinds"),
  targets: targetCounts,
  ...limits,
  createdAt: instant,
  tokenAt: instant.describe("Since when its token holds"),
  lastReceivedAt: instant.nullable(),
  stored: z.number().int().describe("Samples since it was created"),
  samplesPerSecond: z.number().describe("Over the last minute"),
  series: z.number().int(),
  refused: z.number().int().describe("Requests that were refused whole"),
  problem: z.string().nullable().describe("Why the last of these was"),
  problemAt: instant.nullable(),
  dropped: z
    .array(z.object({ reason: z.string(), samples: z.number().int(), example: z.string(), lastAt: instant }))
    .describe("Samples that are not stored, by reason, the last one first"),
});

const withToken = input.extend({
  token: z.string().describe("Shown once: only a hash of it is kept; empty for an input that fetches"),
});

export const inputs = {
  list: endpoint({
    method: "get",
    path: "/inputs",
    tag: TAG,
    summary: "The ways in for measurements of others, and how they fare",
    permission: "inputs:read",
    response: z.array(input),
  }),
  create: endpoint({
    method: "post",
    path: "/inputs",
    tag: TAG,
    summary: "Creates an input with a host of its own; its token is answered once",
    permission: "inputs:write",
    secret: ["scrape"],
    body: z.object({
      name,
      kind: z.enum(INPUT_KINDS),
      scrape: scrape.optional(),
      maxSeries: limits.maxSeries.default(10_000),
      maxBodyKib: limits.maxBodyKib.default(16_384),
      maxSamplesPerSecond: limits.maxSamplesPerSecond.default(100_000),
    }),
    response: withToken,
    status: 201,
  }),
  read: endpoint({
    method: "get",
    path: "/inputs/{id}",
    tag: TAG,
    summary: "An input",
    permission: "inputs:read",
    params: idParams,
    response: input,
  }),
  update: endpoint({
    method: "patch",
    path: "/inputs/{id}",
    tag: TAG,
    summary: "Renames an input, turns it off or on, or changes its limits or targets",
    permission: "inputs:write",
    secret: ["scrape"],
    params: idParams,
    body: z.object({
      scrape: scrape.optional(),
      name: name.optional(),
      enabled: z.boolean().optional(),
      maxSeries: limits.maxSeries.optional(),
      maxBodyKib: limits.maxBodyKib.optional(),
      maxSamplesPerSecond: limits.maxSamplesPerSecond.optional(),
    }),
    response: input,
  }),
  remove: endpoint({
    method: "delete",
    path: "/inputs/{id}",
    tag: TAG,
    summary: "Deletes an input; what came by it stays, on a host that is retired",
    permission: "inputs:write",
    params: idParams,
  }),
  renewToken: endpoint({
    method: "post",
    path: "/inputs/{id}/token",
    tag: TAG,
    summary: "Makes a new token, answered once; that of before holds no longer",
    permission: "inputs:write",
    params: idParams,
    response: withToken,
    status: 201,
  }),
  targets: endpoint({
    method: "get",
    path: "/inputs/{id}/targets",
    tag: TAG,
    summary: "The targets of an input that scrapes, those that are down first",
    permission: "inputs:read",
    params: idParams,
    response: z.object({
      targets: z.array(target),
      problem: z.string().nullable().describe("Why there may be fewer targets than meant"),
    }),
  }),
  tryScrape: endpoint({
    method: "post",
    path: "/inputs/scrape/try",
    tag: TAG,
    summary: "Scrapes one target once, stores nothing, and says what comes of it",
    permission: "inputs:write",
    audit: "none",
    secret: ["scrape"],
    body: z.object({
      scrape,
      id: z
        .number()
        .int()
        .min(1)
        .max(2_147_483_647)
        .optional()
        .describe("The input that it changes, whose stored secrets are used"),
      address: z.string().max(300).optional().describe("Which target; the first one without it"),
    }),
    response: tried,
  }),
};
