import type { Connection } from "#lib/db/client.ts";
import { Prisma } from "#lib/db/generated/client.ts";

/** Puts one id in place of another in a column that is a list of ids; each stays in it once. The names of table and column are the caller's own. */
export async function replaceId(
  tx: Connection,
  table: string,
  column: string,
  { from, into }: { from: number; into: number },
): Promise<void> {
  const [name, ids] = [Prisma.raw(`"${table}"`), Prisma.raw(`"${column}"`)];
  await tx.$executeRaw`
    UPDATE ${name} SET ${ids} = ARRAY(SELECT DISTINCT unnest(array_replace(${ids}, ${from}::int, ${into}::int)) ORDER BY 1)
    WHERE ${from} = ANY(${ids})`;
}
