import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";

/** A position in a stack: `/srv/sightline/dist/web.js:10:20`, also as a URL. */
const POSITION = /(?:file:\/\/)?(\/[^\s():]+\.m?js):(\d+):(\d+)/g;

const maps = new Map<string, WeakRef<SourceMap>>();

/** The source map beside a file; undefined for one that has none. Read when an error is logged: held for all files it took 115 MB of the web server. */
function mapOf(file: string): SourceMap | undefined {
  const kept = maps.get(file)?.deref();
  if (kept) return kept;
  try {
    const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
    maps.set(file, new WeakRef(map));
    return map;
  } catch {
    return undefined;
  }
}

/** A stack with positions in our sources instead of those in what is built of them. */
export const originalStack = (stack: string): string =>
  stack.replace(POSITION, (found, file: string, line: string, column: string) => {
    const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !("originalSource" in entry)) return found;
    const source = entry.originalSource.replace(/^(?:.*\/)?(?=(?:app|components|lib|workers|node_modules)\/)/, "");
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
