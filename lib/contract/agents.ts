import { checkDefinition } from "#lib/contract/checks.ts";
import { endpoint } from "#lib/contract/endpoint.ts";
import { MAX_FRAMES, METRIC_KINDS } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { entityId, hostName, hostRef, instant, labels } from "#lib/contract/shared.ts";

const TAG = "Hosts";

const MAX_SHAPES = 500;
const MAX_SERIES = 20_000;
const tag = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^,\s]+$/, "Write a tag without spaces and commas, such as env:prod");

/** How hosts are sorted by people. */
export const hostGrouping = {
  tags: z.array(tag).max(30).describe("Such as env:prod"),
  group: z.string().trim().max(60).describe("Empty for none"),
};

const credential = z
  .string()
  .regex(/^sla_[\w-]{43}$/, "Send sla_ and 32 random bytes as base64url")
  .describe("Made by the agent: sla_ and 32 random bytes as base64url");

/** What a machine is: its operating system, kernel, hardware and versions. */
const hostSystem = z
  .record(z.string().max(60), z.union([z.string().max(300), z.number()]))
  .refine((system) => Object.keys(system).length <= 60, "Send at most 60 properties");

const hostname = hostName();

const agentSettings = z.object({
  collectionIntervalMs: z.number().int().describe("How far apart frames are meant to be"),
  collectCommandLines: z.boolean().describe("Whether command lines of processes are sent, masked"),
  checks: z.array(checkDefinition).describe("What is to be checked from this host"),
});

const now = z.number().describe("The portal's clock, ms since the epoch");
const version = z.string().min(1).max(40);
const protocol = z.number().int().min(0).max(1_000);

const shape = z.looseObject({
  source: z.object({ kind: z.string().max(63), name: z.string().max(300) }),
  intervalMs: z.number().int().positive(),
  series: z
    .array(
      z.looseObject({
        metric: z.string(),
        labels,
        unit: z.string().optional(),
        kind: z.enum(METRIC_KINDS).optional(),
        help: z.string().optional(),
      }),
    )
    .max(MAX_SERIES),
});

const frame = z.looseObject({
  shape: z.number().int().min(0).describe("Index in shapes"),
  at: z.number().describe("ms since the epoch"),
  values: z.array(z.number().nullable()).describe("In the order of the series of its shape"),
  processes: z.unknown().optional().describe("Which processes used most: {spanMs, groups}, as GET /processes has them"),
});

const tokenInfo = z.object({
  id: z.uuid(),
  host: hostRef.nullable().describe("The host that it installs again; null for new hosts"),
  ...hostGrouping,
  createdAt: instant,
  expiresAt: instant,
  maxHosts: z.number().int(),
  used: z.number().int(),
});

export const agents = {
  enrol: endpoint({
    method: "post",
    path: "/agents/enrol",
    tag: TAG,
    summary: "Enrols an agent by an enrolment token; the same request once more has the same answer",
    permission: "public",
    audit: "own",
    secret: ["token", "credential"],
    body: z.looseObject({
      protocol,
      version,
      token: z.string().max(100),
      credential,
      machineId: z.string().regex(/^[\w-]{8,64}$/, "Send 8 to 64 letters, digits, - or _"),
      name: hostname,
      system: hostSystem,
    }),
    response: z.object({ host: hostRef, now, settings: agentSettings }),
  }),
  push: endpoint({
    method: "post",
    path: "/agents/frames",
    tag: TAG,
    summary: "Takes frames of an agent's own host; may be gzip or zstd. What is sent twice is stored once",
    permission: "agents:report",
    agent: true,
    audit: "none",
    ingest: true,
    body: z.looseObject({
      protocol,
      version,
      sentAt: z.number().describe("By the host's clock, ms since the epoch"),
      waiting: z.number().int().min(0).max(2_147_483_647).describe("Frames that still wait on its disk"),
      dropped: z.number().int().min(0).describe("Frames that it gave up since it was started"),
      machine: z
        .object({ name: hostname, system: hostSystem })
        .optional()
        .describe("What the machine is, where that may have changed"),
      shapes: z.array(shape).max(MAX_SHAPES),
      frames: z.array(frame).max(MAX_FRAMES),
    }),
    response: z.object({
      taken: z.number().int(),
      refused: z.array(z.object({ frame: z.number().int().describe("Index in frames"), reason: z.string() })),
      leftOut: z
        .array(z.object({ frame: z.number().int(), reason: z.string() }))
        .describe("Readings and processes that frames were stored without; the first 100"),
      now,
      settings: agentSettings,
      rotate: z.boolean().describe("Whether the agent should change its credential now"),
      agentVersion: z.string().describe("Of the agent that this portal serves"),
    }),
    status: 200,
  }),
  rotate: endpoint({
    method: "post",
    path: "/agents/credential",
    tag: TAG,
    summary: "Announces an agent's next credential, which takes the place of the one before when it is first used",
    permission: "agents:report",
    agent: true,
    audit: "own",
    secret: ["credential"],
    body: z.object({ credential }),
  }),
  listTokens: endpoint({
    method: "get",
    path: "/agents/enrolment-tokens",
    tag: TAG,
    summary: "Enrolment tokens that have not expired, without their texts",
    permission: "hosts:manage",
    response: z.array(tokenInfo),
  }),
  createToken: endpoint({
    method: "post",
    path: "/agents/enrolment-tokens",
    tag: TAG,
    summary: "Creates an enrolment token; its text is answered once",
    permission: "hosts:manage",
    body: z.object({
      tags: hostGrouping.tags.default([]),
      group: hostGrouping.group.default(""),
      hostId: entityId.optional().describe("Installs the agent of this host again, also on another machine"),
      hours: z.number().min(0.1).max(168).default(1).describe("How long it is valid"),
      maxHosts: z.number().int().min(1).max(1_000).default(1).describe("How many hosts may use it"),
    }),
    response: z.object({
      id: z.uuid(),
      token: z.string(),
      expiresAt: instant,
      commands: z.object({
        service: z.string().describe("Installs the agent as a systemd service, by Node 20 or later"),
        terminal: z.string().describe("Runs it in a terminal"),
        executable: z
          .string()
          .nullable()
          .describe("Installs it on a host without Node; null where there is none for it"),
      }),
    }),
    status: 201,
  }),
  removeToken: endpoint({
    method: "delete",
    path: "/agents/enrolment-tokens/{id}",
    tag: TAG,
    summary: "Revokes an enrolment token",
    permission: "hosts:manage",
    params: z.object({ id: z.uuid() }),
  }),
};
