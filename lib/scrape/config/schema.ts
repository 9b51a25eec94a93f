import * as z from "zod";
import { relabelRule } from "#lib/scrape/config/relabel-schema.ts";
import { count, duration, size, truth, unlessEmpty } from "#lib/scrape/config/scalars.ts";
import { HOUR_MS, SECOND_MS } from "#lib/time/durations.ts";

/** So many targets an input has at most. */
export const MAX_TARGETS = 1_000;
const TOO_MANY = `An input has at most ${MAX_TARGETS} targets: add another input for the others`;
const MAX_RULES = 200;

const text = z.string("Write a text").max(2_000);
const label = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "Write names of labels: letters, digits and underscores");
const labels = z.record(label, text, "Write labels with their values");
const list = <T extends z.ZodType>(schema: T, most = 100) => unlessEmpty(z.array(schema, "Write a list").max(most));

/** With relabel_configs it may be anything, such as the URL that blackbox_exporter is to ask. */
const address = z.string("Write host:port").min(1, "Write host:port").max(2_000);

/** A group of targets, as in static_configs and in the files of file_sd_configs. */
export const targetGroup = z.strictObject({
  targets: z.array(address, "Write a list of host:port").max(MAX_TARGETS, TOO_MANY),
  labels: unlessEmpty(labels),
});

/** Folders, and a file that may have stars; no other patterns. */
const FILES = /^(?:(?!\.{1,2}\/)[^*?[\]{}()!@+\\/]+\/)*[^?[\]{}()!@+\\/]+\.(?:json|ya?ml)$/;

const fileSd = z.strictObject({
  files: z
    .array(
      z.string().max(200).regex(FILES, {
        error:
          "Write a path below the folder sd of the portal's DATA_DIR that ends in .json, .yml or .yaml, such as shop/*.json",
      }),
    )
    .min(1, "Name a file")
    .max(20),
  refresh_interval: duration(SECOND_MS, HOUR_MS).optional(),
});

const dnsSd = z
  .strictObject({
    names: z.array(z.string().min(1).max(253)).min(1, "Name a host").max(50),
    type: z
      .string()
      .transform((name) => name.toUpperCase())
      .pipe(z.enum(["A", "AAAA", "SRV"], { error: "Write A, AAAA or SRV: others are not supported" }))
      .default("SRV"),
    port: count(65_535).default(0),
    refresh_interval: duration(SECOND_MS, HOUR_MS).default(30 * SECOND_MS),
  })
  .refine(({ type, port }) => type === "SRV" || port > 0, { error: "A and AAAA need a port", path: ["port"] });

/** An entry of scrape_configs, whose YAML was read without types. */
export const scrapeConfigSchema = z
  .strictObject({
    job_name: z.string("Name the job").min(1, "Name the job").max(200),
    scrape_interval: duration(SECOND_MS, HOUR_MS).default(15 * SECOND_MS),
    scrape_timeout: duration(1, HOUR_MS).optional(),
    metrics_path: z.string().max(2_000).startsWith("/", "Begin with a slash").default("/metrics"),
    scheme: z.enum(["http", "https"], { error: "Write http or https" }).default("http"),
    params: unlessEmpty(z.record(z.string(), z.array(text, "Write a list of values"), "Write parameters")),
    static_configs: list(targetGroup),
    file_sd_configs: list(fileSd),
    dns_sd_configs: list(dnsSd),
    basic_auth: unlessEmpty(z.strictObject({ username: text.default(""), password: text.default("") })),
    authorization: unlessEmpty(z.strictObject({ type: text.default("Bearer"), credentials: text.default("") })),
    relabel_configs: list(relabelRule, MAX_RULES),
    metric_relabel_configs: list(relabelRule, MAX_RULES),
    honor_labels: truth.default(false),
    honor_timestamps: truth.default(true),
    follow_redirects: truth.default(true),
    sample_limit: count(10_000_000).default(0),
    body_size_limit: size.default(0),
  })
  .transform(({ scrape_timeout: timeout, ...config }, context) => {
    if (timeout !== undefined && timeout > config.scrape_interval)
      context.addIssue({ code: "custom", message: "At most the scrape_interval", path: ["scrape_timeout"] });
    if (config.basic_auth && config.authorization)
      context.addIssue({
        code: "custom",
        message: "Write one of basic_auth and authorization",
        path: ["authorization"],
      });
    const named = (config.static_configs ?? []).reduce((sum, { targets }) => sum + targets.length, 0);
    if (named > MAX_TARGETS) context.addIssue({ code: "custom", message: TOO_MANY, path: ["static_configs"] });
    const sources = [config.static_configs, config.file_sd_configs, config.dns_sd_configs];
    if (sources.every((source) => source === undefined))
      context.addIssue({
        code: "custom",
        message: "Name targets: static_configs, file_sd_configs or dns_sd_configs",
        path: ["static_configs"],
      });
    return { ...config, scrape_timeout: timeout ?? Math.min(10 * SECOND_MS, config.scrape_interval) };
  });

/** What is to be scraped, and how: durations in ms, sizes in bytes, no limit as 0. */
export type ScrapeSettings = z.output<typeof scrapeConfigSchema>;
