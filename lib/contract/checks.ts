import { endpoint } from "#lib/contract/endpoint.ts";
import { CHECK_KINDS, type CheckKind, RECORD_TYPES } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { entityId, idParams, instant, point } from "#lib/contract/shared.ts";

const TAG = "Checks";

/** Why a check failed. */
export const CHECK_FAILURES = [
  "name",
  "connection",
  "timeout",
  "certificate",
  "status",
  "body",
  "answer",
  "forbidden",
] as const;
export type CheckFailure = (typeof CHECK_FAILURES)[number];

const HOST = /^\w[\w.-]{0,252}$|^\[?[\da-fA-F:]{2,45}\]?$/;

/** What is wrong with the target of a kind of check; undefined where nothing is. */
function targetProblem(kind: CheckKind, target: string): string | undefined {
  if (kind === "http") {
    if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol))
      return "Write an address such as https://shop.example/health";
    const { username, password } = new URL(target);
    return username || password
      ? "Leave user and password out of the address: everybody who may read checks sees it"
      : undefined;
  }
  if (kind === "tcp") {
    const [, host = "", port] = /^(.+):(\d{1,5})$/.exec(target) ?? [];
    return HOST.test(host) && Number(port) >= 1 && Number(port) <= 65_535
      ? undefined
      : "Write host:port, such as db-01:5432";
  }
  return HOST.test(target) && !target.startsWith("[") ? undefined : "Write a host name or an address, without brackets";
}

const STATUSES = /^\s*\d{3}(\s*-\s*\d{3})?(\s*,\s*\d{3}(\s*-\s*\d{3})?)*\s*$/;

const areStatuses = (text: string): boolean =>
  text.split(",").every((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return first >= 100 && first <= last && last <= 599;
  });

const checkOptions = z.object({
  method: z.enum(["GET", "HEAD"]).optional(),
  statuses: z
    .string()
    .max(100)
    .regex(STATUSES, "Write statuses as 200-399, 401")
    .refine(areStatuses, "Write statuses from 100 to 599, the lower one of a range first")
    .optional()
    .describe("http; default 200-399"),
  body: z.string().max(500).optional().describe("http: an RE2 expression that the first 64 KiB of the body must match"),
  verifyTls: z.boolean().optional().describe("http; default true: a certificate that is not trusted is a failure"),
  record: z.enum(RECORD_TYPES).optional().describe("dns; default A"),
  resolver: z
    .string()
    .max(60)
    .regex(/^[\d.]+$|^[\da-fA-F:]+$/, "Write the address of a name server")
    .optional(),
  expected: z.string().max(300).optional().describe("dns: one of the answers must be this"),
});

const fields = {
  name: z.string().trim().min(1).max(100),
  kind: z.enum(CHECK_KINDS),
  target: z.string().trim().min(1).max(500),
  intervalMs: z.number().int().min(5_000).max(3_600_000).default(60_000),
  timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
  options: checkOptions.default({}),
};

/** What is run, where and how often: sent to agents too. */
export const checkDefinition = z.object({ id: z.number().int(), ...fields });
export type CheckDefinition = z.output<typeof checkDefinition>;

const newCheck = z
  .object({
    ...fields,
    hostIds: z
      .array(entityId)
      .max(100)
      .default([])
      .describe("Hosts that it is run from, by their agents; none: the portal"),
    enabled: z.boolean().default(true),
  })
  .superRefine(({ kind, target, timeoutMs, intervalMs }, context) => {
    const problem = targetProblem(kind, target);
    if (problem) context.addIssue({ code: "custom", path: ["target"], message: problem });
    if (timeoutMs > intervalMs)
      context.addIssue({ code: "custom", path: ["timeoutMs"], message: "Wait at most as long as the interval" });
  });

/** What came of a check once; ms, and seconds until the certificate expires. */
const checkResult = z.object({
  up: z.boolean(),
  reason: z.enum(CHECK_FAILURES).nullable(),
  detail: z.string(),
  durationMs: z.number(),
  phases: z.record(z.string(), z.number()),
  status: z.number().int().nullable(),
  certificateSeconds: z.number().nullable(),
});
export type CheckResult = z.output<typeof checkResult>;

const uptime = z.number().nullable().describe("Percent of its runs that succeeded");

const checkState = z.object({
  host: z.object({ id: z.number().int(), name: z.string() }),
  state: z.enum(["up", "down", "no_data"]),
  reason: z.enum(CHECK_FAILURES).nullable(),
  lastAt: instant.nullable(),
  durationMs: z.number().nullable(),
  certificateSeconds: z.number().nullable(),
  uptimeDay: uptime,
  uptimeWeek: uptime,
  uptimeMonth: uptime,
  durations: z.array(point).describe("ms, the last day in steps of half an hour"),
});
export type CheckState = z.output<typeof checkState>;

const check = z.object({
  ...checkDefinition.shape,
  hostIds: z.array(z.number().int()),
  enabled: z.boolean(),
  createdAt: instant,
});

export const checks = {
  list: endpoint({
    method: "get",
    path: "/checks",
    tag: TAG,
    summary: "All checks, with their state and uptime on each host that runs them",
    permission: "checks:read",
    response: z.array(check.extend({ states: z.array(checkState) })),
  }),
  create: endpoint({
    method: "post",
    path: "/checks",
    tag: TAG,
    summary: "Creates a check",
    permission: "checks:write",
    body: newCheck,
    response: check,
    status: 201,
  }),
  replace: endpoint({
    method: "put",
    path: "/checks/{id}",
    tag: TAG,
    summary: "Changes a check",
    permission: "checks:write",
    params: idParams,
    body: newCheck,
    response: check,
  }),
  remove: endpoint({
    method: "delete",
    path: "/checks/{id}",
    tag: TAG,
    summary: "Deletes a check; what it found stays as long as samples are kept",
    permission: "checks:write",
    params: idParams,
  }),
  test: endpoint({
    method: "post",
    path: "/checks/test",
    tag: TAG,
    summary: "Runs a check once, from the portal, without creating it",
    permission: "checks:write",
    audit: "none",
    body: newCheck,
    response: checkResult,
  }),
};
