import { slugify } from "markdown-to-jsx/html";
import { wordsOf } from "#lib/format/words.ts";
import { GUIDES, type GuideName, readGuide } from "#lib/help/guides.ts";

/** A section of a guide that answers what was typed: where it is, and what it says around the first of the words. */
export type Found = { guide: GuideName; guideTitle: string; heading: string; href: string; excerpt: string };

const MOST = 20;
const EXCERPT = 200;
const IN_HEADING = 5;

type Section = Omit<Found, "excerpt"> & { text: string };

/** Markdown as one reads it: without its signs, table rules and targets of links. */
const plain = (markdown: string): string =>
  markdown
    .replace(/^```.*$/gm, "")
    .replace(/^\|[-| :]+\|$/gm, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`|]/g, " ")
    .replace(/\s+/g, " ")
    .trim();

/** A guide by its headings of the second level; what comes before the first is the guide's own. */
export function sectionsOf(guide: GuideName, { title, text }: { title: string; text: string }): Section[] {
  const [head = "", ...parts] = text.split(/^## /m);
  const own = { guide, guideTitle: title, heading: title, href: `/help/${guide}`, text: plain(head) };
  const others = parts.map((part) => {
    const [heading = "", ...lines] = part.split("\n");
    const shown = plain(heading);
    return { ...own, heading: shown, href: `/help/${guide}#${slugify(heading)}`, text: plain(lines.join("\n")) };
  });
  return [own, ...others];
}

function excerptOf(text: string, word: string): string {
  const at = Math.max(0, text.toLowerCase().indexOf(word) - EXCERPT / 3);
  const from = at === 0 ? 0 : text.indexOf(" ", at) + 1;
  const isCut = from + EXCERPT < text.length;
  const end = isCut ? text.lastIndexOf(" ", from + EXCERPT) : text.length;
  return `${from > 0 ? "… " : ""}${text.slice(from, end > from ? end : from + EXCERPT).trim()}${isCut ? " …" : ""}`;
}

/** How well a section answers: each word must be in it, and counts more in its heading. */
function scoreOf({ heading, guideTitle, text }: Section, words: string[]): number {
  const [high, low] = [`${guideTitle} ${heading}`.toLowerCase(), text.toLowerCase()];
  let score = 0;
  for (const word of words) {
    const times = Math.min(low.split(word).length - 1, IN_HEADING);
    if (!high.includes(word) && times === 0) return 0;
    score += times + (high.includes(word) ? IN_HEADING : 0);
  }
  return score;
}

let sections: Promise<Section[]> | undefined;

async function readSections(): Promise<Section[]> {
  const names = Object.keys(GUIDES) as GuideName[];
  return (await Promise.all(names.map(async (name) => sectionsOf(name, await readGuide(name))))).flat();
}

/** The sections of all guides that answer what was typed, the best first; none where nothing was. Guides change with a new build only, and are read once. */
export async function searchGuides(typed: string): Promise<Found[]> {
  const words = wordsOf(typed);
  if (words.length === 0) return [];
  sections ??= readSections();
  sections.catch(() => {
    sections = undefined;
  });
  return (await sections)
    .map((section) => ({ section, score: scoreOf(section, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ section: { text, ...where } }) => ({ ...where, excerpt: excerptOf(text, words[0] as string) }));
}
