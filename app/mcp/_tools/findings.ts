import * as z from "zod";
import { GET as explainAlert } from "#app/api/v1/alerts/[id]/cause/route.ts";
import { GET as listAlerts } from "#app/api/v1/alerts/route.ts";
import { GET as listChecks } from "#app/api/v1/checks/route.ts";
import { GET as readFindings } from "#app/api/v1/databases/[id]/findings/route.ts";
import { GET as listDatabases } from "#app/api/v1/databases/route.ts";
import { GET as readGuide } from "#app/api/v1/incidents/[id]/guide/route.ts";
import { GET as readIncident } from "#app/api/v1/incidents/[id]/route.ts";
import { GET as readTimeline } from "#app/api/v1/incidents/[id]/timeline/route.ts";
import { GET as listIncidents } from "#app/api/v1/incidents/route.ts";
import { GET as listSlos } from "#app/api/v1/slos/route.ts";
import { host, limit, span } from "#app/mcp/_tools/inputs.ts";
import { tool } from "#app/mcp/_tools/tool.ts";
import { ALERT_STATES } from "#lib/contract/enums.ts";

const id = z.number().int().positive();

type Found = { id: number; host_id: number };

export const findingTools = [
  tool({
    name: "list_incidents",
    title: "List incidents",
    description: "Incidents (anomalies that belong together), newest first, with what changed in which order.",
    permissions: ["anomalies:read"],
    input: { host: host.optional(), ...span("now-7d"), limit },
    async run({ host: hostId, from, to, limit: most }, { ask, page }) {
      const incidents = (await ask(listIncidents, { query: { host: hostId, from, to, limit: most } })) as Found[];
      return {
        incidents: incidents.map((each) => ({
          ...each,
          page: page(`/anomalies/incidents/${each.id}?host=${each.host_id}`),
        })),
      };
    },
  }),
  tool({
    name: "get_incident",
    title: "Read an incident with its causes",
    description:
      "One incident: its metrics by contribution, the order in which they changed (1 changed first), what happened in the order of time, likely causes with how sure they are, next steps, and similar incidents with what helped then.",
    permissions: ["anomalies:read"],
    input: { host, incident: id },
    async run({ host: hostId, incident }, { ask, page }) {
      const which = { params: { id: incident }, query: { host: hostId } };
      const found = (await ask(readIncident, which)) as object;
      const [guide, timeline] = await Promise.all([ask(readGuide, which), ask(readTimeline, which)]);
      return { ...found, ...{ guide, timeline }, page: page(`/anomalies/incidents/${incident}?host=${hostId}`) };
    },
  }),
  tool({
    name: "list_alerts",
    title: "List alerts",
    description:
      "Alerts of a span, newest first: rule, severity, state, value, since when. State firing is what is wrong now.",
    permissions: ["alerts:read"],
    input: { host: host.optional(), state: z.array(z.enum(ALERT_STATES)).optional(), ...span("now-7d"), limit },
    async run({ host: hostId, state, from, to, limit: most }, { ask, page }) {
      const alerts = (await ask(listAlerts, { query: { host: hostId, state, from, to, limit: most } })) as Found[];
      return { alerts: alerts.map((each) => ({ ...each, page: page(`/alerts/${each.id}?host=${each.host_id}`) })) };
    },
  }),
  tool({
    name: "list_slos",
    title: "List service level objectives",
    description: "SLOs, worst first: objective in percent, SLI, share of the error budget that is left, burn rates.",
    permissions: ["slos:read"],
    input: {},
    async run(_, { ask, page }) {
      const slos = (await ask(listSlos)) as { id: number }[];
      return { slos: slos.map((each) => ({ ...each, page: page(`/slos/${each.id}`) })) };
    },
  }),
  tool({
    name: "explain_alert",
    title: "Explain an alert",
    description:
      "Why an alert began: what moved first, deploys and settings before it, processes that came to use more, and its history.",
    permissions: ["alerts:read"],
    input: { host, alert: id },
    async run({ host: hostId, alert }, { ask, page }) {
      const cause = (await ask(explainAlert, { params: { id: alert }, query: { host: hostId } })) as object;
      return { ...cause, page: page(`/alerts/${alert}?host=${hostId}`) };
    },
  }),
  tool({
    name: "list_checks",
    title: "List uptime checks",
    description: "HTTP, TCP, DNS and ping checks with state, reason of a failure, response time and uptime.",
    permissions: ["checks:read"],
    input: {},
    run: async (_, { ask, page }) => ({ checks: await ask(listChecks), page: page("/checks") }),
  }),
  tool({
    name: "list_databases",
    title: "List databases",
    description: "PostgreSQL and PgBouncer servers that are watched, with their state.",
    permissions: ["databases:read"],
    input: {},
    async run(_, { ask, page }) {
      const servers = (await ask(listDatabases)) as Found[];
      return { databases: servers.map((each) => ({ ...each, page: page(`/databases/${each.id}`) })) };
    },
  }),
  tool({
    name: "database_findings",
    title: "Read a database's findings",
    description: "What is wrong or could be better at a PostgreSQL server, each with its evidence and the SQL to run.",
    permissions: ["databases:read"],
    input: { database: id.describe("Id from list_databases") },
    run: async ({ database }, { ask, page }) => ({
      findings: await ask(readFindings, { params: { id: database } }),
      page: page(`/databases/${database}`),
    }),
  }),
];
