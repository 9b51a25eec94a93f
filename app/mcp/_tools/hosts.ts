import { GET as listAlerts } from "#app/api/v1/alerts/route.ts";
import { GET as listAnnotations } from "#app/api/v1/annotations/route.ts";
import { GET as listAnomalies } from "#app/api/v1/anomalies/route.ts";
import { GET as listHosts } from "#app/api/v1/hosts/route.ts";
import { GET as listIncidents } from "#app/api/v1/incidents/route.ts";
import { GET as readInsights } from "#app/api/v1/insights/route.ts";
import { GET as readProcesses } from "#app/api/v1/processes/route.ts";
import { host, search, span } from "#app/mcp/_tools/inputs.ts";
import { type Portal, tool } from "#app/mcp/_tools/tool.ts";
import { invalidField } from "#lib/errors.ts";
import { reasonOf } from "#lib/reason.ts";
import { DAY_MS } from "#lib/time/durations.ts";
import { parseSpan } from "#lib/time/instant.ts";

type Host = { id: number; name: string; hostname: string; tags: string[]; group: string };

const matches = ({ name, hostname, tags, group }: Host, text: string): boolean =>
  [name, hostname, group, ...tags].some((part) => part.toLowerCase().includes(text.toLowerCase()));

/** Each part by itself: one that is refused or fails keeps no other back, and says why. */
async function partsOf(parts: Record<string, Promise<unknown>>): Promise<object> {
  const read = Object.entries(parts).map(
    async ([name, part]): Promise<[string, unknown]> => [
      name,
      await part.catch((error: unknown) => ({ error: reasonOf(error) })),
    ],
  );
  return Object.fromEntries(await Promise.all(read));
}

export const hostTools = [
  tool({
    name: "list_hosts",
    title: "List hosts",
    description:
      "Hosts and other sources of metrics with their state, newest CPU, memory and disk use (percent), tags and last sample.",
    permissions: ["hosts:read"],
    input: { search },
    async run({ search: text = "" }, { ask, page }) {
      const hosts = ((await ask(listHosts)) as Host[]).filter((each) => matches(each, text));
      return { hosts: hosts.map((each) => ({ ...each, page: page(`/hosts/${each.id}`) })) };
    },
  }),
  tool({
    name: "get_host",
    title: "Read a host",
    description:
      "A host's inventory and state, what goes on there now, bottlenecks, and recommendations with their evidence.",
    permissions: ["hosts:read"],
    input: { host },
    async run({ host: id }, { ask, page }: Portal) {
      const parts = await partsOf({
        host: ask(listHosts).then((hosts) => (hosts as Host[]).find((each) => each.id === id)),
        insights: ask(readInsights, { query: { host: id } }),
      });
      return { ...parts, page: page(`/hosts/${id}`) };
    },
  }),
  tool({
    name: "explain_window",
    title: "Explain a window of time",
    description:
      "What happened on a host in a window of at most 24 h: incidents with what changed first, anomalies, alerts, deploys and other events, and which processes used most.",
    permissions: ["metrics:read"],
    input: { host, ...span("now-1h") },
    async run({ host: id, from, to }, { ask, page, now }) {
      const window = parseSpan({ from, to }, now);
      if (window.to - window.from > DAY_MS) throw invalidField("from", "A window is at most 24 h: begin later");
      const query = { host: id, from, to };
      const parts = await partsOf({
        incidents: ask(listIncidents, { query: { ...query, limit: 20 } }),
        anomalies: ask(listAnomalies, { query: { ...query, limit: 50 } }),
        alerts: ask(listAlerts, { query: { ...query, limit: 50 } }),
        events: ask(listAnnotations, { query }),
        processes: ask(readProcesses, { query }),
      });
      return { ...parts, page: page(`/hosts/${id}`) };
    },
  }),
];
