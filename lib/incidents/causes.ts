import type { AnnotationInfo } from "#lib/annotations/annotations.ts";
import type { IncidentInfo } from "#lib/anomalies/list-incidents.ts";
import { CAUSE_KINDS, type CauseKind, CERTAINTIES, type Certainty } from "#lib/contract/enums.ts";
import type { StatementMovers } from "#lib/databases/explain-statements.ts";
import { durationText } from "#lib/format/duration.ts";
import { plural } from "#lib/format/plural.ts";
import { formatText } from "#lib/format/value.ts";
import { annotationText } from "#lib/incidents/timeline.ts";
import type { Bottleneck } from "#lib/insights/bottlenecks.ts";
import type { Evidence } from "#lib/insights/evidence.ts";
import type { ProcessMovers } from "#lib/processes/explain-processes.ts";
import { HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

/** Something that may have caused an incident: how sure that is and why, what it rests on, and the page that shows it (empty of none). */
export type Cause = {
  kind: CauseKind;
  title: string;
  certainty: Certainty;
  why: string;
  evidence: Evidence[];
  page: string;
};

const shareText = (share: number): string => formatText(share * 100, "percent");

type First = IncidentInfo["anomalies"][number];

/** A change so long before counts as long as nothing; and one that came less than a minute before may be of a clock that differs. */
const LEAST_LEAD_MS = 5 * MINUTE_MS;
/** A change acts at once, or it would be found in what changed later. */
const AT_ONCE_MS = 30 * MINUTE_MS;
const LONGEST_LEAD_MS = HOUR_MS;
const SURE = 0.05;
const UNSURE = 0.2;

/**
 * How likely it is that a change falls by chance into as long a time before an incident, where `count` of them came in `spanMs`: changes that come
 * independently of one another are a Poisson process, which has none in a time t with the probability exp(-rate t).
 */
export const chanceOfChange = (leadMs: number, count: number, spanMs: number): number =>
  1 - Math.exp((-count * Math.max(leadMs, LEAST_LEAD_MS)) / Math.max(spanMs, MINUTE_MS));

/** The changes of before as causes: the rarer they are and the shorter before it was, the surer. `spanMs` is how long they are known. A note may tell of anything. */
export function changeCauses(annotations: AnnotationInfo[], startedAt: number, spanMs: number): Cause[] {
  const before = annotations.filter(({ at }) => at.getTime() <= startedAt);
  return before
    .map((change) => ({ change, leadMs: startedAt - change.at.getTime() }))
    .filter(({ leadMs }) => leadMs <= LONGEST_LEAD_MS)
    .sort((a, b) => a.leadMs - b.leadMs)
    .map(({ change, leadMs }): Cause => {
      const isNote = change.kind === "note";
      const count = before.filter(({ kind }) => (kind === "note") === isNote).length;
      const chance = chanceOfChange(leadMs, count, spanMs);
      const surest = leadMs > AT_ONCE_MS || chance > UNSURE ? "weak" : chance > SURE ? "possible" : "likely";
      const many = `${plural(count, isNote ? "note" : "change")} in the ${durationText(spanMs)} before`;
      return {
        ...{ kind: "change", title: `${annotationText(change)}, ${durationText(leadMs)} before` },
        certainty: isNote && surest === "likely" ? "possible" : surest,
        why: `There ${count === 1 ? "was" : "were"} ${many}: that it came so shortly before by chance has a probability of ${shareText(chance)}`,
        evidence: [],
        page: change.url,
      };
    });
}

/** Less than so much more says nothing, by measure: percent of one core, bytes, bytes per second. */
const LEAST_RISE = { cpu: 5, memory: 32 * 2 ** 20, io: 2 ** 20 };
const MEASURED = { cpu: "CPU, of one core", memory: "Resident memory", io: "Read and written" };
const OF_PROCESSES = /^(cpu|load|memory|swap|container|process)\.|^disk\.(read|write|busy)/;
const MOST_OF_IT = 0.5;
const MUCH_OF_IT = 0.25;

const unitOf = (measure: ProcessMovers["measure"]) => (measure === "cpu" ? "percent" : "bytes");

/** The processes that came to use more when it began, by their share of what all came to use more. */
export function processCauses(found: ProcessMovers | null, first: First | undefined, hostId: number): Cause[] {
  if (!found || !first) return [];
  const { measure, rise, rows, from, to } = found;
  const bears = OF_PROCESSES.test(first.metric) && first.direction === "up";
  return rows.flatMap(({ name, container, unit, before, after }): Cause[] => {
    const share = (after - before) / rise;
    if (after - before < LEAST_RISE[measure] || share < MUCH_OF_IT) return [];
    const where = container ? ` in ${container}` : unit ? ` of ${unit}` : "";
    const text = (value: number) => formatText(value, unitOf(measure), measure === "io");
    return [
      {
        kind: "process",
        title:
          before === 0
            ? `Process ${name}${where} began, and used ${text(after)}`
            : `Process ${name}${where} used more: ${text(after)} after ${text(before)}`,
        certainty: !bears ? "weak" : share >= MOST_OF_IT ? "likely" : "possible",
        why: `${shareText(share)} of all that processes came to use more${bears ? "" : ", but what moved first is not of processes"}`,
        evidence: [
          {
            label: `${MEASURED[measure]}, half hour before`,
            value: before,
            unit: unitOf(measure),
            rate: measure === "io",
          },
          { label: `${MEASURED[measure]}, when it began`, value: after, unit: unitOf(measure), rate: measure === "io" },
        ],
        page: `/hosts/${hostId}?processes=${from.getTime()}-${to.getTime()}`,
      },
    ];
  });
}

/** Seconds of running in a second: below that a database is idle. */
const LEAST_LOAD = 0.02;
const SHOWN_TEXT = 80;

/** The statements that came to take more time when it began, the first of each server. */
export function statementCauses(found: StatementMovers[], first: First | undefined): Cause[] {
  return found.flatMap(({ serverId, server, rise, rows: [most] }): Cause[] => {
    if (!most || !first || most.after - most.before < LEAST_LOAD) return [];
    const share = (most.after - most.before) / rise;
    if (share < MUCH_OF_IT) return [];
    const text = most.text.replace(/\s+/g, " ").slice(0, SHOWN_TEXT);
    const bears = first.metric.startsWith("postgres.");
    const evidence = (label: string, value: number): Evidence => ({ label, value: value * 100, unit: "percent" });
    return [
      {
        kind: "statement",
        title: `Statement of ${server} took more time: ${text}`,
        certainty: bears && share >= MOST_OF_IT ? "likely" : bears ? "possible" : "weak",
        why: `${shareText(share)} of all that statements came to take more${bears ? "" : ", but what moved first is not of the database"}`,
        evidence: [evidence("Running, half hour before", most.before), evidence("Running, when it began", most.after)],
        page: `/databases/${serverId}/queries`,
      },
    ];
  });
}

/** What was saturated when it began. */
export function resourceCauses(saturated: Omit<Bottleneck, "now">[], first: First | undefined, page: string): Cause[] {
  return saturated.map(({ resource, utilisation, evidence }): Cause => {
    const own = evidence.some(({ seriesId }) => seriesId === first?.seriesId);
    return {
      kind: "resource",
      title: `${resource} was saturated: ${formatText(utilisation, "percent")} used`,
      certainty: own ? "possible" : "weak",
      why: own
        ? "It moved first, and what waits for it queues; who uses it is another question"
        : "What waits for it queues, but something else moved first",
      evidence,
      page,
    };
  });
}

const OTHERS_AT_ONCE = 2;

/** Other hosts that became unusual at the same time: what they share. `others` are their incidents. */
export function sharedCauses(others: IncidentInfo[], silent: boolean): Cause[] {
  const hosts = [...new Set(others.map(({ host }) => host))].sort();
  if (hosts.length === 0) return [];
  const many = hosts.length >= OTHERS_AT_ONCE;
  const names = `${hosts.slice(0, 3).join(", ")}${hosts.length > 3 ? ` and ${hosts.length - 3} more` : ""}`;
  return [
    {
      kind: "shared",
      title: `Something that it shares with ${plural(hosts.length, "host")}`,
      certainty: many && silent ? "likely" : many ? "possible" : "weak",
      why: `${names} became unusual within 3 min of it`,
      evidence: [],
      page: "/anomalies",
    },
  ];
}

/** Of a host that sends nothing there is one cause, unless others fell silent with it. */
export function silenceCauses(first: First | undefined, page: string): Cause[] {
  if (first?.type !== "no_data") return [];
  const title = "The host is off, its agent is stopped, or the network between is down";
  return [
    { kind: "no_data", title, certainty: "likely", why: "No sample came, of whatever metric", evidence: [], page },
  ];
}

const MOST_CAUSES = 5;

/** The surest first; what two said of the same, a pipeline and a service itself, is said once. */
export const bySureness = (causes: Cause[]): Cause[] =>
  causes
    .filter(({ title }, n) => causes.findIndex((other) => other.title === title) === n)
    .sort(
      (a, b) =>
        CERTAINTIES.indexOf(a.certainty) - CERTAINTIES.indexOf(b.certainty) ||
        CAUSE_KINDS.indexOf(a.kind) - CAUSE_KINDS.indexOf(b.kind),
    )
    .slice(0, MOST_CAUSES);
