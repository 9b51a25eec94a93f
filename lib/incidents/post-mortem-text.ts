import type { PostMortem } from "#lib/db/generated/client.ts";

/** What a post-mortem says, part by part, in Markdown. */
export type PostMortemText = Pick<
  PostMortem,
  "title" | "summary" | "impact" | "timeline" | "cause" | "remedy" | "followUps"
>;

/** Its parts with their headings, in the order in which it is read. */
export const POST_MORTEM_PARTS: [Exclude<keyof PostMortemText, "title">, string][] = [
  ["summary", "Summary"],
  ["impact", "Impact"],
  ["timeline", "Timeline"],
  ["cause", "Cause"],
  ["remedy", "What helped"],
  ["followUps", "Follow-ups"],
];

/** What Markdown would read as marks; an underscore within a word is none. */
const MARKS = /[\\`*[\]<>|~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;

/** A text of people or programs within Markdown, as it is, on a line. */
export const plainText = (text: string): string => text.replace(/\s+/g, " ").replace(MARKS, (mark) => `\\${mark}`);

const EMPTY = "Nothing is written here.";

/** A post-mortem as a document in Markdown; `inText` writes the instants in it as its reader reads them. */
export const toMarkdown = (text: PostMortemText, inText: (text: string) => string): string =>
  [
    `# ${plainText(text.title)}`,
    ...POST_MORTEM_PARTS.flatMap(([part, heading]) => [`## ${heading}`, text[part] || `*${EMPTY}*`]),
  ]
    .map(inText)
    .join("\n\n")
    .concat("\n");
