import { checkImports } from "./imports.ts";
import { checkNames } from "./names.ts";
import { checkSizes } from "./sizes.ts";
import { readSources } from "./source.ts";
import { checkTables } from "./tables.ts";

const FOLDERS = ["app", "components", "lib", "workers", "scripts"];

const readAll = () => readSources(FOLDERS);

/** What breaks the rules of layers, doors, circles and owners of tables, one line each. */
export function checkRooms(): string[] {
  const sources = readAll();
  // Scripts set up and measure whatever they need.
  const users = sources.filter(({ path }) => !path.startsWith("scripts/"));
  return [...checkImports(sources), ...checkTables(users)];
}

/** What is too long, has no docstring or no name, one line each. */
export const checkLengths = (): string[] => [
  ...checkSizes(readAll()),
  ...checkNames(readSources([...FOLDERS, "tests"])),
];
