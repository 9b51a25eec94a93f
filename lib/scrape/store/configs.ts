import { portalSecret } from "#lib/config/secret.ts";
import type { Role } from "#lib/contract/roles.ts";
import { openText, sealText } from "#lib/crypto/sealed.ts";
import type { Connection } from "#lib/db/client.ts";
import type { ScrapeConfig } from "#lib/db/generated/client.ts";
import { invalidField } from "#lib/errors.ts";
import { reasonOf } from "#lib/log.ts";
import { assertOutgoing, isTrustedRole, trustOf } from "#lib/notify/outgoing.ts";
import { type ReadConfig, readConfig, requestSame, type Secrets } from "#lib/scrape/config/read-config.ts";
import { MAX_TARGETS } from "#lib/scrape/config/schema.ts";
import { buildTargets, staticGroups } from "#lib/scrape/targets/target.ts";

/** A configuration that may be stored, and whether private addresses are scraped by it. */
export type CheckedConfig = ReadConfig & { trusted: boolean };

type Before = Pick<ScrapeConfig, "text" | "sealed" | "trusted">;

/** @throws Error where it was encrypted by a portal with another secret */
export function secretsOf({ sealed }: Pick<ScrapeConfig, "sealed">): Secrets {
  const text = openText(sealed, portalSecret());
  if (text === undefined)
    throw new Error("The secrets were encrypted by another portal: enter the configuration again");
  return JSON.parse(text) as Secrets;
}

function hiddenSecrets(before: Before): Secrets {
  try {
    return secretsOf(before);
  } catch {
    // They are entered again.
    return {};
  }
}

/**
 * Checks a configuration as somebody of a role writes it. A stored secret goes only where it went before; private addresses are named by
 * administrators, and stay permitted while the same is sent to the same targets.
 * @throws DomainError validation that names each wrong field
 */
export async function checkConfig(text: string, role: Role, before?: Before): Promise<CheckedConfig> {
  const stored = before && { text: before.text, secrets: hiddenSecrets(before) };
  const read = readConfig(text, stored?.secrets);
  const same = stored !== undefined && requestSame(read, stored);
  if (before && !same) {
    const entered = readSecretsAgain(text);
    if (!entered)
      throw invalidField(
        "scrape",
        "Enter the secrets again: the stored ones are for the targets and requests of before",
      );
  }
  const trusted = isTrustedRole(role) || (same && before?.trusted === true);
  const { targets, dropped } = await buildTargets(
    ...([read.settings, staticGroups(read.settings), MAX_TARGETS] as const),
  ).catch((error: unknown) => {
    throw invalidField("scrape", reasonOf(error));
  });
  const problem = dropped.find((target) => target.problem !== undefined)?.problem;
  if (problem !== undefined) throw invalidField("scrape", `static_configs: ${problem}`);
  for (const { url } of targets) assertOutgoing(url, trustOf(trusted), "scrape");
  return { ...read, trusted };
}

/** Whether a text needs no stored secret. */
function readSecretsAgain(text: string): boolean {
  try {
    readConfig(text);
    return true;
  } catch {
    return false;
  }
}

/** Stores the configuration of an input. */
export async function storeConfig(db: Connection, hostId: number, config: CheckedConfig): Promise<void> {
  const { text, secrets, trusted } = config;
  const row = { text, trusted, sealed: sealText(JSON.stringify(secrets), portalSecret()) };
  await db.scrapeConfig.upsert({
    where: { hostId },
    create: { hostId, ...row },
    update: row,
    select: { hostId: true },
  });
}

/** The stored configuration of an input; undefined for one that has none. */
export async function findConfig(db: Connection, hostId: number): Promise<ScrapeConfig | undefined> {
  return (await db.scrapeConfig.findUnique({ where: { hostId } })) ?? undefined;
}

/** What inputs scrape and why there may be fewer targets than meant, by their ids. */
export async function listConfigs(
  db: Connection,
  hostIds: number[],
): Promise<Map<number, Pick<ScrapeConfig, "text" | "problem">>> {
  const select = { hostId: true, text: true, problem: true };
  const rows = await db.scrapeConfig.findMany({ where: { hostId: { in: hostIds } }, select });
  return new Map(rows.map(({ hostId, ...row }) => [hostId, row]));
}
