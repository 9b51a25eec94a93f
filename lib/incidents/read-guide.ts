import { listAnnotations, MOST_ANNOTATIONS } from "#lib/annotations/annotations.ts";
import { listActs, listComments } from "#lib/anomalies/incident-events.ts";
import { type IncidentProfile, profileOf, readProfiles } from "#lib/anomalies/incident-profiles.ts";
import { firstMover } from "#lib/anomalies/incident-title.ts";
import { type IncidentInfo, listIncidents, readIncidents } from "#lib/anomalies/list-incidents.ts";
import { explainByStatements } from "#lib/databases/explain-statements.ts";
import type { Connection } from "#lib/db/client.ts";
import { hostCores, readHost } from "#lib/hosts/hosts.ts";
import {
  bySureness,
  type Cause,
  changeCauses,
  processCauses,
  resourceCauses,
  sharedCauses,
  silenceCauses,
  statementCauses,
} from "#lib/incidents/causes.ts";
import { type FailedPart, Parts } from "#lib/incidents/parts.ts";
import { readRemedies, readWritten, type WrittenPostMortem } from "#lib/incidents/remedies.ts";
import { type Likeness, mostAlike } from "#lib/incidents/similar.ts";
import { nextSteps, type Step } from "#lib/incidents/steps.ts";
import { BOTTLENECK_METRICS, type Bottleneck, saturatedAtFirst } from "#lib/insights/bottlenecks.ts";
import { readFigures } from "#lib/insights/figures.ts";
import { explainByProcesses } from "#lib/processes/explain-processes.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** An earlier incident that is like another, with what helped then: by its post-mortem, else by the note with which it was resolved; and what was said. */
type SimilarIncident = Likeness &
  Pick<IncidentInfo, "hostId" | "host" | "id" | "title" | "startedAt" | "endedAt" | "status"> & {
    remedy: string;
    said: { by: string | null; text: string }[];
  };

/** What may have caused an incident, what to do next, and what is like it; `compared` is with how many earlier ones it was compared. */
export type Guide = {
  causes: Cause[];
  lookedAt: string[];
  steps: Step[];
  /** Pages that show the host at that time. */
  places: Step[];
  similar: SimilarIncident[];
  compared: number;
  /** What somebody wrote of it. */
  postMortem: WrittenPostMortem | null;
  failed: FailedPart[];
};

const PROCESSES_MS = 2 * MINUTE_MS;
const SHARED_MS = 3 * MINUTE_MS;
const BEGINNING_MS = 10 * MINUTE_MS;
const CHANGES_MS = 7 * DAY_MS;
const YEAR_MS = 365 * DAY_MS;
const MOST_COMPARED = 500;
const MOST_SIMILAR = 5;
const MOST_ACTS = 20;
const SAID_OF_EACH = 2;

/** The pages of the host around the incident: from an hour before to half an hour after, and not beyond `now` (ms); of processes, its first minutes. */
function placesOf({ hostId, startedAt, lastAt }: IncidentInfo, now: number): [Step, ...Step[]] {
  const at = startedAt.getTime();
  const to = Math.max(Math.min(lastAt.getTime() + HOUR_MS / 2, now), lastAt.getTime());
  const span = `from=${at - HOUR_MS}&to=${to}`;
  return [
    { text: "Host", page: `/hosts/${hostId}?${span}` },
    { text: "Overview", page: `/overview?host=${hostId}&${span}` },
    { text: "Processes", page: `/hosts/${hostId}?processes=${at - PROCESSES_MS}-${at + PROCESSES_MS}` },
  ];
}

type Said = { by: string | null; text: string; resolved: boolean };

type Reading = { db: Connection; parts: Parts; incident: IncidentInfo; now: number };

function readSaturated({ db, parts, incident, now }: Reading): Promise<Omit<Bottleneck, "now">[]> {
  const { hostId, startedAt } = incident;
  const from = startedAt.getTime();
  return parts.read("what was saturated", async () => {
    const range = { from, to: Math.min(from + BEGINNING_MS, Math.max(now, from + MINUTE_MS)), stepMs: MINUTE_MS };
    const figures = readFigures(db, { hostId, metrics: BOTTLENECK_METRICS, ...range });
    return saturatedAtFirst(await figures, await hostCores(db, hostId));
  }, []);
}

/** Those that began before it, in which something of it moved; the newest of a year. */
function readEarlier({ db, parts, incident }: Reading): Promise<IncidentProfile[]> {
  const at = incident.startedAt.getTime();
  const metrics = [...new Set(incident.anomalies.map(({ metric }) => metric))];
  const range = { from: Math.max(0, at - YEAR_MS), to: at, metrics };
  return parts.read("similar incidents", () => readProfiles(db, range, MOST_COMPARED), []);
}

/** What was decided and said of an incident with words, what resolved it first. */
async function readSaid(db: Connection, { hostId, id: incidentId }: IncidentInfo): Promise<Said[]> {
  const which = { hostId, incidentId };
  const [acts, { comments }] = await Promise.all([
    listActs(db, which, MOST_ACTS),
    listComments(db, which, "", { limit: SAID_OF_EACH }),
  ]);
  const decided = acts.filter(({ kind, text }) => text !== "" && kind !== "assigned");
  const said = comments.map(({ by, text }) => ({ by, text, resolved: false }));
  return [...decided.map(({ by, text, kind }) => ({ by, text, resolved: kind === "resolved" })), ...said].sort(
    (a, b) => Number(b.resolved) - Number(a.resolved),
  );
}

async function readSimilar({
  db,
  parts,
  ...reading
}: Reading): Promise<{ similar: SimilarIncident[]; compared: number }> {
  const { hostId, id, startedAt, anomalies } = reading.incident;
  const own = profileOf(anomalies.map(({ metric, evidence, detectedAt: onset }) => ({ metric, evidence, onset })));
  const earlier = await readEarlier({ db, parts, ...reading });
  const alike = mostAlike({ hostId, id, startedAt, ...own }, earlier, MOST_SIMILAR);
  const ids = alike.map(({ profile }) => profile.id);
  const incidents = new Map(
    (await parts.read("similar incidents", () => readIncidents(db, ids), [])).map((each) => [each.id, each]),
  );
  const found = alike.flatMap(({ profile, ...likeness }) => {
    const incident = incidents.get(profile.id);
    return incident ? [{ likeness, incident }] : [];
  });
  const which = found.map(({ incident }) => ({ hostId: incident.hostId, incidentId: incident.id }));
  const readAllSaid = () => Promise.all(found.map(({ incident }) => readSaid(db, incident)));
  const [said, remedies] = await Promise.all([
    parts.read("what was said then", readAllSaid, []),
    parts.read("post-mortems", () => readRemedies(db, which), new Map<number, string>()),
  ]);
  return { similar: found.map((each, n) => similarOf(each, said[n] ?? [], remedies)), compared: earlier.length };
}

function similarOf(
  { likeness, incident }: { likeness: Likeness; incident: IncidentInfo },
  said: Said[],
  remedies: Map<number, string>,
): SimilarIncident {
  const { hostId, host, id, title, startedAt, endedAt, status } = incident;
  return {
    ...{ ...likeness, hostId, host, id, title, startedAt, endedAt, status },
    remedy: remedies.get(id) || (said.find(({ resolved }) => resolved)?.text ?? ""),
    said: said.slice(0, SAID_OF_EACH).map(({ by, text }) => ({ by, text })),
  };
}

/** What else became unusual within minutes, on other hosts. */
function readShared({ db, parts, incident }: Reading): Promise<IncidentInfo[]> {
  const at = incident.startedAt.getTime();
  const range = { from: Math.max(0, at - SHARED_MS), to: at + SHARED_MS };
  return parts.read(
    "other hosts",
    async () => (await listIncidents(db, range, 200)).filter(({ hostId }) => hostId !== incident.hostId),
    [],
  );
}

/** How long changes of a host are known at an instant: since it is there, a week at most. */
async function knownFor(db: Connection, hostId: number, at: number): Promise<number> {
  const { firstSeenAt } = await readHost(db, hostId);
  return Math.min(CHANGES_MS, Math.max(DAY_MS, at - firstSeenAt.getTime()));
}

async function readChangeCauses({ db, parts, incident: { hostId, startedAt } }: Reading): Promise<Cause[]> {
  const at = startedAt.getTime();
  const range = { hostId, from: Math.max(0, at - CHANGES_MS), to: at + 1 };
  const reading = async () => {
    const found = await listAnnotations(db, range);
    const oldest = found.at(-1)?.at.getTime() ?? at;
    // Of so many only the newest were read.
    const knownMs = found.length < MOST_ANNOTATIONS ? await knownFor(db, hostId, at) : at - oldest;
    return changeCauses(found, at, knownMs);
  };
  return parts.read("deploys and changes", reading, []);
}

const SHOWN_REMEDY = 200;

/** What helped in the incident that is most like it, of which somebody says that. */
function remedyStep(similar: SimilarIncident[]): Step | undefined {
  const helped = similar.find(({ remedy }) => remedy !== "");
  if (!helped) return undefined;
  const { remedy, id, hostId } = helped;
  const text = remedy.length > SHOWN_REMEDY ? `${remedy.slice(0, SHOWN_REMEDY).toWellFormed()}…` : remedy;
  return { text: `What helped before: ${text}`, page: `/anomalies/incidents/${id}?host=${hostId}` };
}

const LOOKED_AT = [
  "deploys and changes",
  "processes",
  "statements of its databases",
  "what was saturated",
  "other hosts",
];

/** What is known of an incident's cause as of `now` (ms), and of what to do. A part that cannot be read hides no other. */
export async function readGuide(db: Connection, incident: IncidentInfo, now: number): Promise<Guide> {
  const parts = new Parts();
  const reading = { db, parts, incident, now };
  const { hostId, startedAt, anomalies } = incident;
  const at = startedAt.getTime();
  const first = firstMover(anomalies);
  const [changes, processes, statements, saturated, others, { similar, compared }, postMortem] = await Promise.all([
    readChangeCauses(reading),
    parts.read("processes", () => explainByProcesses(db, hostId, first?.series ?? "", at), null),
    parts.read("statements of its databases", () => explainByStatements(db, hostId, at, now), []),
    readSaturated(reading),
    readShared(reading),
    readSimilar(reading),
    parts.read("its post-mortem", () => readWritten(db, hostId, incident.id), null),
  ]);
  const places = placesOf(incident, now);
  const hostPage = places[0].page;
  const causes = bySureness([
    ...silenceCauses(first, hostPage),
    ...changes,
    ...processCauses(processes, first, hostId),
    ...statementCauses(statements, first),
    ...sharedCauses(others, first?.type === "no_data"),
    ...resourceCauses(saturated, first, hostPage),
  ]);
  const remedy = remedyStep(similar);
  return {
    causes,
    lookedAt: LOOKED_AT.filter((part) => !parts.failed.some((failed) => failed.part === part)),
    steps: nextSteps(causes, { saturated, remedy, hostPage }),
    places,
    similar,
    compared,
    postMortem,
    failed: parts.failed,
  };
}
