import { readAccount } from "#lib/access/accounts.ts";
import { listAllTokens, listTokens } from "#lib/access/api-tokens.ts";
import { listSessions } from "#lib/access/sessions.ts";
import { listChannels } from "#lib/alerts/channels/list-channels.ts";
import { listInhibitions } from "#lib/alerts/inhibitions.ts";
import { readAlert } from "#lib/alerts/list-alerts.ts";
import { listOnCall } from "#lib/alerts/on-call/schedules.ts";
import { readRouting } from "#lib/alerts/routing.ts";
import { readRule } from "#lib/alerts/rules.ts";
import { listSilences } from "#lib/alerts/silences.ts";
import { listStatusPages } from "#lib/alerts/status-pages.ts";
import { listAnnotations } from "#lib/annotations/annotations.ts";
import { listComments } from "#lib/anomalies/incident-events.ts";
import { readAnomaly } from "#lib/anomalies/list-anomalies.ts";
import { readIncident } from "#lib/anomalies/list-incidents.ts";
import { readOverrides } from "#lib/anomalies/overrides.ts";
import { readCheck } from "#lib/checks/checks.ts";
import { findServer } from "#lib/databases/store/servers.ts";
import type { Database } from "#lib/db/client.ts";
import { listPublishableKeys } from "#lib/experiments/publishable-keys.ts";
import { readExperiment } from "#lib/experiments/read-experiments.ts";
import { listJobs } from "#lib/exports/jobs.ts";
import { findHost, readHost } from "#lib/hosts/hosts.ts";
import { readPostMortem } from "#lib/incidents/post-mortems.ts";
import { readRecommendationStates } from "#lib/insights/recommendation-state.ts";
import { readReport } from "#lib/reports/library.ts";
import { listSchedules } from "#lib/reports/schedule.ts";
import { readTemplate } from "#lib/reports/templates.ts";
import { readWithScrape } from "#lib/scrape/scrape-inputs.ts";
import { readSettings } from "#lib/settings/store.ts";
import { readSlo } from "#lib/slo/slos.ts";

// What the audit trail holds of the state before a change, by the name of its endpoint: read before it is made.

type Input = { params: Record<string, unknown>; query: Record<string, unknown>; body: unknown; userId: string };
type Reader = (db: Database, input: Input) => Promise<unknown>;

const byId = <T extends { id: unknown }>(rows: T[], { params }: Input): T | undefined =>
  rows.find(({ id }) => id === params.id);
const hostOf = async (db: Database, { query }: Input) => (await findHost(db, query.host as number | undefined)).id;
const experiment: Reader = (db, { params }) => readExperiment(db, String(params.id));
const account: Reader = async (db, { params }) => {
  const { email, name, role, state } = await readAccount(db, String(params.id));
  return { email, name, role, state };
};
const schedule: Reader = async (db, input) => {
  const { deliveries: _, ...row } = byId(await listSchedules(db), input) ?? { deliveries: [] };
  return row;
};

const incidentOf = async (db: Database, input: Input) =>
  readIncident(db, await hostOf(db, input), Number(input.params.id));

/** Of what nobody has saved there is nothing before. */
const postMortemState: Reader = async (db, input) => {
  const hostId = await hostOf(db, input);
  const found = await readPostMortem(db, hostId, Number(input.params.id), Date.now());
  return found.version > 0 ? found : undefined;
};

const commentState: Reader = async (db, input) => {
  const { id, comment } = input.params as { id: number; comment: number };
  const which = { hostId: await hostOf(db, input), incidentId: id };
  const { comments } = await listComments(db, which, input.userId, { before: comment + 1, limit: 1 });
  return comments.filter((found) => found.id === comment).map(({ text }) => ({ text }))[0];
};

const channelOf: Reader = async (db, input) => {
  const {
    deliveries: _,
    settings: __,
    ...row
  } = byId(await listChannels(db), input) ?? { deliveries: [], settings: {} };
  return row;
};

/** What was configured of it, and not how it is. */
const databaseServer: Reader = async (db, { params }) => {
  const { name, kind, enabled, intervalS, shown } = await findServer(db, Number(params.id));
  return { name, kind, enabled, intervalS, ...(shown as object) };
};

/** Without its address, which may open it. */
const statusPage: Reader = async (db, input) => {
  const { url: _, ...row } = byId(await listStatusPages(db), input) ?? { url: "" };
  return row;
};

const hostState: Reader = async (db, { params }) => {
  const { name, tags, group, retiredAt } = await readHost(db, Number(params.id));
  return { name, tags, group, retired: retiredAt !== null };
};

/** What was configured of it, and not how it fares. */
const inputState: Reader = async (db, { params }) => {
  const input = await readWithScrape(db, Number(params.id));
  const { name, kind, enabled, scrape, maxSeries, maxBodyKib, maxSamplesPerSecond } = input;
  return { name, kind, enabled, scrape, maxSeries, maxBodyKib, maxSamplesPerSecond };
};

export const STATES: Record<string, Reader> = {
  "hosts.update": hostState,
  "hosts.merge": hostState,
  "inputs.update": inputState,
  "inputs.remove": inputState,
  "checks.replace": (db, { params }) => readCheck(db, Number(params.id)),
  "checks.remove": (db, { params }) => readCheck(db, Number(params.id)),
  "slos.replace": (db, { params }) => readSlo(db, Number(params.id)),
  "slos.remove": (db, { params }) => readSlo(db, Number(params.id)),
  "settings.update": (db) => readSettings(db),
  "publishableKeys.remove": async (db, input) => byId(await listPublishableKeys(db), input),
  "experiments.replace": experiment,
  "experiments.update": experiment,
  "experiments.transition": experiment,
  "anomalies.update": async (db, input) => readAnomaly(db, await hostOf(db, input), Number(input.params.id)),
  "incidents.update": incidentOf,
  "incidents.assign": async (db, input) => ({ assignedTo: (await incidentOf(db, input)).assignedTo }),
  "incidents.editComment": commentState,
  "incidents.removeComment": commentState,
  "postMortems.save": postMortemState,
  "postMortems.remove": postMortemState,
  "insights.updateRecommendation": async (db, input) =>
    (await readRecommendationStates(db, await hostOf(db, input))).get((input.body as { key: string }).key),
  "databases.replace": databaseServer,
  "databases.remove": databaseServer,
  "detection.saveOverride": async (db, { body }) => {
    const { hostId, metric } = body as { hostId: number; metric: string };
    return (await readOverrides(db)).find((row) => row.hostId === hostId && row.metric === metric);
  },
  "alertRules.replace": (db, { params }) => readRule(db, Number(params.id)),
  "alertRules.remove": (db, { params }) => readRule(db, Number(params.id)),
  "alertChannels.replace": async (db, input) => channelOf(db, input),
  "alertChannels.remove": async (db, input) => channelOf(db, input),
  "alertRouting.replace": (db) => readRouting(db),
  "alertRouting.removeInhibition": async (db, input) => byId(await listInhibitions(db), input),
  "alertSilences.remove": async (db, input) => byId(await listSilences(db, Date.now()), input),
  "onCall.replace": async (db, input) => byId(await listOnCall(db, Date.now()), input),
  "onCall.remove": async (db, input) => byId(await listOnCall(db, Date.now()), input),
  "statusPages.replace": statusPage,
  "statusPages.remove": statusPage,
  "alerts.acknowledge": async (db, input) => readAlert(db, await hostOf(db, input), Number(input.params.id)),
  "annotations.remove": async (db, input) => byId(await listAnnotations(db, { from: 0, to: Date.now() * 2 }), input),
  "reportTemplates.save": async (db, { body }) => {
    const { id } = body as { id?: number };
    return id === undefined ? undefined : readTemplate(db, id);
  },
  "reportTemplates.remove": (db, { params }) => readTemplate(db, Number(params.id)),
  "reports.remove": async (db, { params }) => {
    const { sections: _, insights: __, ...head } = await readReport(db, Number(params.id), true);
    return head;
  },
  "schedules.remove": schedule,
  "accounts.update": account,
  "accounts.reset": account,
  "accounts.remove": account,
  "accounts.removeToken": async (db, input) => byId(await listAllTokens(db), input),
  "account.removeToken": async (db, input) => byId(await listTokens(db, input.userId), input),
  "account.closeSession": async (db, input) => byId(await listSessions(db, input.userId), input),
  "exports.removeJob": async (db, input) => byId(await listJobs(db, input.userId), input),
};
