import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bareEndpoint } from "#lib/contract/bones.ts";
import type { Endpoint } from "#lib/contract/endpoint.ts";
import { fingerprint, once } from "./fingerprint.ts";
import { ROOT } from "./paths.ts";

const FOLDER = join(ROOT, "lib", "contract", "generated");
const EXPORTS = /^export \{ (.+) \} from "#endpoints\/([\w-]+\.ts)";$/gm;

/** The endpoints that a file of the contract exports, for a browser. */
async function bareModule(file: string, names: string[]): Promise<string> {
  const contract = (await import(`#lib/contract/${file}`)) as Record<string, Record<string, Endpoint>>;
  const groups = names.map((name) => {
    const bare = Object.entries(contract[name] ?? {}).map(([verb, endpoint]) => [verb, bareEndpoint(endpoint)]);
    return `export const ${name} = /* @__PURE__ */ endpointsOf(${JSON.stringify(Object.fromEntries(bare))});`;
  });
  const head = ["// @ts-nocheck", 'import { endpointsOf } from "#lib/contract/skeleton.ts";'];
  return [...head, ...groups, ""].join("\n");
}

/**
 * Writes what browsers load in place of the contract: its endpoints as data. zod, and all that only zod needs, would be a sixth of each page;
 * a browser converts names and instants, and has the portal check what it sends.
 */
export function writeBareContract(): Promise<boolean> {
  return once(
    join(FOLDER, ".fingerprint"),
    fingerprint(["lib/contract", "scripts/steps/contract.ts", "package-lock.json"]),
    async () => {
      rmSync(FOLDER, { recursive: true, force: true });
      mkdirSync(FOLDER, { recursive: true });
      const index = readFileSync(join(ROOT, "lib", "contract", "index.ts"), "utf8");
      for (const [, exported = "", file = ""] of index.matchAll(EXPORTS)) {
        const names = exported.split(", ").map((name) => name.split(" ")[0] ?? name);
        writeFileSync(join(FOLDER, file), await bareModule(file, names));
      }
    },
  );
}
