import type { IncidentInfo } from "#lib/anomalies/list-incidents.ts";
import { instantInText } from "#lib/format/date-time.ts";
import { durationText } from "#lib/format/duration.ts";
import { plural } from "#lib/format/plural.ts";
import { CERTAINTY_TITLES } from "#lib/incidents/certainty.ts";
import { type PostMortemText, plainText } from "#lib/incidents/post-mortem-text.ts";
import type { Guide } from "#lib/incidents/read-guide.ts";
import type { Timeline } from "#lib/incidents/read-timeline.ts";
import type { TimelineEntry } from "#lib/incidents/timeline.ts";

const MOST_LINES = 100;

const who = ({ by, kind }: TimelineEntry): string =>
  by ? `${by} ` : kind === "act" || kind === "comment" ? "An account that is gone " : "";

function lineOf(entry: TimelineEntry): string {
  const { kind, text, note, at } = entry;
  const said = kind === "comment" ? `said: ${text}` : [text, note].filter(Boolean).join(": ");
  return `- ${instantInText(at)} ${plainText(`${who(entry)}${said}`)}`;
}

function summaryOf({ title, startedAt, endedAt, host }: IncidentInfo): string {
  const over = endedAt
    ? `It was over at ${instantInText(endedAt)}, after ${durationText(endedAt.getTime() - startedAt.getTime())}.`
    : "It goes on.";
  return `${plainText(title)}.\n\nIt began at ${instantInText(startedAt)} on ${plainText(host)}. ${over}`;
}

/** What of acts says that something helped: how it was resolved, and what was said of that. */
const remedyOf = (entries: TimelineEntry[]): string =>
  entries
    .filter(({ kind, text, note }) => kind === "act" && note !== "" && text === "resolved the incident")
    .map(({ note }) => plainText(note))
    .join("\n");

/** A post-mortem of what is known: what only people know is left to them. */
export function draftOf(incident: IncidentInfo, { entries, earlierComments }: Timeline, guide: Guide): PostMortemText {
  const lines = entries.slice(0, MOST_LINES).map(lineOf);
  const rest = entries.length - lines.length + earlierComments;
  const causes = guide.causes.map(
    ({ title, certainty, why }) => `- ${CERTAINTY_TITLES[certainty]}: ${plainText(`${title}. ${why}`)}`,
  );
  return {
    title: incident.title.slice(0, 300).toWellFormed(),
    summary: summaryOf(incident),
    impact: "",
    timeline: [...lines, ...(rest > 0 ? [`- ${plural(rest, "more entry", "more entries")}`] : [])].join("\n"),
    cause: causes.length > 0 ? causes.join("\n") : `Not known. Looked at: ${guide.lookedAt.join(", ")}.`,
    remedy: remedyOf(entries),
    followUps: "",
  };
}
