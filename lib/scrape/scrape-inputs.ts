import type { Role } from "#lib/contract/roles.ts";
import type { Connection, Database } from "#lib/db/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import {
  createInput,
  type InputChange,
  type InputInfo,
  type NewInput,
  readInput,
  updateInput,
} from "#lib/inputs/inputs.ts";
import { checkConfig, findConfig, listConfigs, storeConfig } from "#lib/scrape/store/configs.ts";
import { countStates, listStates, NO_STATES, type StateCounts } from "#lib/scrape/store/target-states.ts";

/** Who writes a configuration. */
export type ScrapeAuthor = { id: string; role: Role };

/** What an input scrapes, with secrets hidden, and how its targets fare; null for an input of another kind. */
type Configured = { scrape: string | null; targets: (StateCounts & { problem: string | null }) | null };

/** Inputs with what they scrape. */
export async function withScrape<T extends Pick<InputInfo, "id">>(
  db: Connection,
  inputs: T[],
): Promise<(T & Configured)[]> {
  const ids = inputs.map(({ id }) => id);
  const [configs, counts] = [await listConfigs(db, ids), await countStates(db, ids)];
  return inputs.map((input): T & Configured => {
    const config = configs.get(input.id);
    if (!config) return { ...input, scrape: null, targets: null };
    const targets = { ...NO_STATES, ...counts.get(input.id), problem: config.problem };
    return { ...input, scrape: config.text, targets };
  });
}

/** @throws DomainError not-found */
export async function readWithScrape(db: Connection, id: number): Promise<InputInfo & Configured> {
  const [input] = await withScrape(db, [await readInput(db, id)]);
  return input as InputInfo & Configured;
}

const onlyScrape = () => invalidField("scrape", "Only an input of the kind scrape has targets: leave it out");

/** Makes an input, with its targets where it scrapes. @throws DomainError validation, conflict for a name that there is */
export async function addInput(
  db: Database,
  { scrape, ...input }: NewInput & { scrape?: string | undefined },
  { id, role }: ScrapeAuthor,
): Promise<InputInfo & Configured & { token: string }> {
  if (input.kind !== "scrape") {
    if (scrape !== undefined) throw onlyScrape();
    return { ...(await createInput(db, input, id)), scrape: null, targets: null };
  }
  if (scrape === undefined) throw invalidField("scrape", "Write what to scrape: an entry of scrape_configs");
  const config = await checkConfig(scrape, role);
  const made = await createInput(db, input, id, (tx, hostId) => storeConfig(tx, hostId, config));
  return { ...made, ...(await readWithScrape(db, made.id)) };
}

/** Changes a part of an input. @throws DomainError not-found, validation, conflict for a name that there is */
export async function changeInput(
  db: Database,
  id: number,
  { scrape, ...change }: InputChange & { scrape?: string | undefined },
  { role }: Pick<ScrapeAuthor, "role">,
): Promise<InputInfo & Configured> {
  const before = await findConfig(db, id);
  if (scrape !== undefined && !before) throw onlyScrape();
  const config = scrape === undefined ? undefined : await checkConfig(scrape, role, before);
  await updateInput(db, id, change, async (tx) => {
    if (config) await storeConfig(tx, id, config);
  });
  return readWithScrape(db, id);
}

/** A target as it fares. */
export type ListedTarget = {
  health: "unknown" | "up" | "down" | "dropped";
  url: string;
  labels: Record<string, string>;
  discoveredLabels: Record<string, string>;
  lastScrapeAt: Date | null;
  durationS: number | null;
  samples: number | null;
  error: string | null;
};

/** The targets of an input, those that are down first, and why there may be fewer than meant. @throws DomainError not-found */
export async function listTargets(
  db: Database,
  id: number,
): Promise<{ targets: ListedTarget[]; problem: string | null }> {
  const config = await findConfig(db, id);
  if (!config)
    throw new DomainError("not-found", `There is no input ${id} that scrapes: GET /api/v1/inputs lists them`);
  const states = await listStates(db, id);
  const targets = states.map(({ discovered, at, ...state }) => ({
    ...state,
    discoveredLabels: discovered,
    lastScrapeAt: at === null ? null : new Date(at),
  }));
  return { targets, problem: config.problem };
}
