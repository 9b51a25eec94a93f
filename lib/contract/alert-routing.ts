import { endpoint } from "#lib/contract/endpoint.ts";
import { SEVERITIES } from "#lib/contract/enums.ts";
import * as z from "#lib/contract/schema.ts";
import { entityId, idParams, instant, timeOfDay, zoneName } from "#lib/contract/shared.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const step = z.object({
  afterMs: z
    .number()
    .int()
    .min(0)
    .max(7 * DAY_MS)
    .default(0)
    .describe("ms after the alert fires; a later step is for what nobody has acknowledged"),
  channelIds: z.array(entityId).max(50).default([]),
  everyChannel: z.boolean().default(false).describe("In place of `channel_ids`"),
});

const routeFields = {
  name: z.string().trim().min(1, "Enter a name").max(100),
  matchers: z
    .string()
    .trim()
    .max(1_000)
    .default("")
    .describe('Labels as of a silence, severity="critical",host=~"db-.*"; empty matches all'),
  continue: z.boolean().default(false).describe("Whether the routes after it are looked at too"),
  steps: z.array(step).max(10).default([]).describe("Default: those of the route above"),
  repeatMs: z
    .union([
      z.literal(0),
      z
        .number()
        .int()
        .min(MINUTE_MS)
        .max(30 * DAY_MS),
    ])
    .optional()
    .describe("How often it is sent again while it fires, ms; 0 never. Default: as the route above"),
};

/** A route of notifications, with those below it. */
export type Route = {
  name: string;
  matchers: string;
  continue: boolean;
  steps: z.output<typeof step>[];
  repeatMs?: number | undefined;
  routes: Route[];
};

/** Deeper than this nobody finds their way; and documentation of an API knows no endless trees. */
const MOST_DEPTH = 5;

function routeOf(depth: number): z.ZodObject {
  const below = depth < MOST_DEPTH ? z.array(routeOf(depth + 1)).max(50) : z.array(z.never()).max(0);
  return z.object({ ...routeFields, routes: below.default([]) });
}

const routeSchema = routeOf(1) as unknown as z.ZodType<Route, Partial<Route> & { name: string }>;

const routing = z.object({
  tree: routeSchema,
  stored: z.boolean().describe("false: as it is shipped"),
  problems: z.array(z.string()).describe("Routes that lead to channels that are gone"),
});

const receiver = z.object({
  route: z.string(),
  channelId: z.number().int(),
  channel: z.string(),
  afterMs: z.number(),
  repeatMs: z.number(),
});

const inhibition = z.object({
  id: z.number().int(),
  sourceMatchers: z.string(),
  targetMatchers: z.string(),
  equal: z.array(z.string()),
});

const inhibitionInput = z.object({
  sourceMatchers: z.string().trim().min(1).max(1_000).describe("While an alert with these labels fires ..."),
  targetMatchers: z.string().trim().min(1).max(1_000).describe("... those with these send no notifications"),
  equal: z.array(z.string().min(1).max(100)).max(20).default(["host"]).describe("Where these labels are the same"),
});

/** Who hears of which alerts. */
export const alertRouting = {
  read: endpoint({
    method: "get",
    path: "/alerts/routing",
    tag: "Alerts",
    summary: "The tree of routes that says which channels hear of an alert",
    permission: "alerts:read",
    response: routing,
  }),
  replace: endpoint({
    method: "put",
    path: "/alerts/routing",
    tag: "Alerts",
    summary: "Replaces the tree of routes",
    permission: "alerts:channels",
    body: z.object({ tree: routeSchema }),
    response: routing,
  }),
  test: endpoint({
    method: "post",
    path: "/alerts/routing/test",
    tag: "Alerts",
    summary: "Who would get an alert with some labels, and when",
    permission: "alerts:read",
    audit: "none",
    body: z.object({
      severity: z.enum(SEVERITIES).default("warning"),
      host: z.string().max(200).default(""),
      labels: z.record(z.string().max(100), z.string().max(200)).default({}),
    }),
    response: z.array(receiver),
  }),
  inhibitions: endpoint({
    method: "get",
    path: "/alerts/inhibitions",
    tag: "Alerts",
    summary: "Which alerts hold back which others",
    permission: "alerts:read",
    response: z.array(inhibition),
  }),
  createInhibition: endpoint({
    method: "post",
    path: "/alerts/inhibitions",
    tag: "Alerts",
    summary: "Holds back notifications of some alerts while another fires",
    permission: "alerts:channels",
    body: inhibitionInput,
    response: z.array(inhibition),
    status: 201,
  }),
  removeInhibition: endpoint({
    method: "delete",
    path: "/alerts/inhibitions/{id}",
    tag: "Alerts",
    summary: "Removes an inhibition",
    permission: "alerts:channels",
    params: idParams,
  }),
};

const rotation = z.object({
  members: z.array(z.uuid()).min(1).max(50).describe("Accounts, in their order"),
  startsOn: z.iso.date().describe("The day on which the first begins"),
  handover: timeOfDay.default("09:00"),
  everyDays: z.number().int().min(1).max(365).default(7),
  days: z
    .array(z.number().int().min(1).max(7))
    .max(7)
    .default([])
    .describe("Only on these days, 1 is Monday. Default: all"),
  from: timeOfDay.optional().describe("Only between two times of the day"),
  to: timeOfDay.optional(),
});

/** Who is on call, in layers: of those that cover an instant the last counts. */
export const onCallSchema = z.object({
  name: z.string().trim().min(1, "Enter a name").max(100),
  zone: zoneName.default("UTC"),
  layers: z.array(rotation).min(1).max(10),
});

const shift = z.object({ userId: z.uuid(), name: z.string(), from: instant, to: instant, override: z.boolean() });

const schedule = z.object({
  id: z.number().int(),
  ...onCallSchema.shape,
  now: z.object({ userId: z.uuid(), name: z.string() }).nullable().describe("Who is on call"),
  shifts: z.array(shift).describe("Of the next two weeks"),
  problem: z.string().nullable().describe("Such as an account that is gone"),
});

export const onCall = {
  list: endpoint({
    method: "get",
    path: "/alerts/on-call",
    tag: "Alerts",
    summary: "On-call schedules, with who is on call now and next",
    permission: "alerts:read",
    response: z.array(schedule),
  }),
  people: endpoint({
    method: "get",
    path: "/alerts/on-call/people",
    tag: "Alerts",
    summary: "Who can be on call or be assigned an alert: accounts that may acknowledge",
    permission: "alerts:acknowledge",
    response: z.array(z.object({ id: z.uuid(), name: z.string() })),
  }),
  create: endpoint({
    method: "post",
    path: "/alerts/on-call",
    tag: "Alerts",
    summary: "Creates an on-call schedule",
    permission: "alerts:channels",
    body: onCallSchema,
    response: z.array(schedule),
    status: 201,
  }),
  replace: endpoint({
    method: "put",
    path: "/alerts/on-call/{id}",
    tag: "Alerts",
    summary: "Replaces an on-call schedule",
    permission: "alerts:channels",
    params: idParams,
    body: onCallSchema,
    response: z.array(schedule),
  }),
  remove: endpoint({
    method: "delete",
    path: "/alerts/on-call/{id}",
    tag: "Alerts",
    summary: "Removes an on-call schedule",
    permission: "alerts:channels",
    params: idParams,
  }),
  override: endpoint({
    method: "post",
    path: "/alerts/on-call/{id}/overrides",
    tag: "Alerts",
    summary: "Somebody takes over for a time",
    permission: "alerts:acknowledge",
    params: idParams,
    body: z.object({ userId: z.uuid(), startsAt: instant, endsAt: instant }),
    response: z.array(schedule),
    status: 201,
  }),
  calendarUrl: endpoint({
    method: "get",
    path: "/alerts/on-call/{id}/calendar",
    tag: "Alerts",
    summary: "The address of a schedule's iCalendar feed",
    permission: "alerts:acknowledge",
    params: idParams,
    response: z.object({ url: z.string() }),
  }),
  calendar: endpoint({
    method: "get",
    path: "/on-call/{token}",
    tag: "Alerts",
    summary: "The shifts of an on-call schedule as iCalendar (text/calendar), for whoever has its address",
    permission: "public",
    params: z.object({ token: z.string().min(1).max(200) }),
  }),
};
