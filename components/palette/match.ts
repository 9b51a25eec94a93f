import { wordsOf } from "#lib/format/words.ts";

const START = 4;
const WORD = 2;
const INSIDE = 1;

function placesIn(text: string, word: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) places.push(at);
  return places;
}

/** How well a text answers what was typed: every word of it must be in the text, best at its start, then at the start of a word. 0 where one is not. */
export function matchScore(text: string, typed: string): number {
  const within = text.toLowerCase();
  let score = 0;
  for (const word of wordsOf(typed)) {
    const places = placesIn(within, word);
    if (places.length === 0) return 0;
    const startsWord = places.some((at) => !/[\p{L}\p{N}]/u.test(within[at - 1] ?? ""));
    score += places[0] === 0 ? START : startsWord ? WORD : INSIDE;
  }
  return score;
}

/** The entries that answer what was typed, the best first and those as good in their order; all of them where nothing is typed. */
export function bestOf<T>(entries: readonly T[], textOf: (entry: T) => string, typed: string, most: number): T[] {
  if (typed.trim() === "") return entries.slice(0, most);
  return entries
    .map((entry) => ({ entry, score: matchScore(textOf(entry), typed) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ entry }) => entry);
}
