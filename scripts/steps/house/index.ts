import { checkImports } from "./imports.ts";
import { checkSizes } from "./sizes.ts";
import { readSources } from "./source.ts";
import { checkTables } from "./tables.ts";

const readAll = () => readSources(["app", "components", "lib", "workers", "scripts"]);

/** What breaks the rules of layers, doors and circles, one line each. */
export const checkLayers = (): string[] => checkImports(readAll());

/** Tables that are touched outside the room that owns them, one line each. Scripts set up and measure whatever they need. */
export const checkOwners = (): string[] => checkTables(readSources(["app", "components", "lib", "workers"]));

/** What is too long or has no docstring, one line each. */
export const checkLengths = (): string[] => checkSizes(readAll());
