import { z } from "zod";
import { endpoint } from "#lib/contract/endpoint.ts";
import { idParams, instant } from "#lib/contract/shared.ts";

const plan = {
  matchers: z
    .string()
    .trim()
    .max(1_000)
    .describe(
      'Labels as between the braces of a selector; host, rule, severity and series are labels too: host="db-01"',
    ),
  comment: z.string().trim().min(1, "Say why").max(1_000),
  endsAt: instant,
};

const silence = z.object({ id: z.number().int(), ...plan, startsAt: instant, author: z.string().nullable() });

export const alertSilences = {
  list: endpoint({
    method: "get",
    path: "/alerts/silences",
    tag: "Alerts",
    summary: "Silences that hold or will",
    permission: "alerts:read",
    response: z.array(silence),
  }),
  create: endpoint({
    method: "post",
    path: "/alerts/silences",
    tag: "Alerts",
    summary: "Silences alerts by their labels: they send no notifications until it ends",
    permission: "alerts:silence",
    body: z.object({ ...plan, startsAt: instant.optional().describe("Default: now") }),
    response: z.array(silence),
    status: 201,
  }),
  remove: endpoint({
    method: "delete",
    path: "/alerts/silences/{id}",
    tag: "Alerts",
    summary: "Ends a silence now: what it held back is sent, where it still goes on",
    permission: "alerts:silence",
    params: idParams,
  }),
};
