import type { PostMortem } from "#components/incidents/queries.ts";
import { POST_MORTEM_PARTS } from "#lib/incidents/post-mortem-text.ts";

/** What a reader writes of a post-mortem. */
export type Text = Pick<PostMortem, "title" | (typeof POST_MORTEM_PARTS)[number][0]>;

/** What each part is to say. */
export const HINTS: Record<(typeof POST_MORTEM_PARTS)[number][0], string> = {
  summary: "What happened, in two or three sentences",
  impact: "Who felt it, how, and for how long",
  timeline: "What happened when. Times as 2026-11-30T04:12Z are shown to each reader in their own zone",
  cause: "Why it happened, and why it was not seen before",
  remedy: "What helped. It is shown beside similar incidents",
  followUps: "What is to be done so that it does not come again, by whom",
};

/** What of a post-mortem is written. */
export function textOf(postMortem: PostMortem): Text {
  const { title, summary, impact, timeline, cause, remedy, followUps } = postMortem;
  return { title, summary, impact, timeline, cause, remedy, followUps };
}

/** The parts in which two differ, by their headings. */
export const differencesOf = (a: Text, b: Text): string[] => [
  ...(a.title === b.title ? [] : ["Title"]),
  ...POST_MORTEM_PARTS.filter(([part]) => a[part] !== b[part]).map(([, heading]) => heading),
];
