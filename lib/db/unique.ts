import { Prisma } from "#lib/db/generated/client.ts";

/** Whether a row was refused because another has its unique value, also where two were written at once. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";

/**
 * Finds a row or makes it, where two may make it at once: `create` leaves one that is there as it is. Prisma's upsert with nothing to update
 * reads and then inserts, so that the second of two fails.
 */
export async function findOrCreate<Row>(find: () => Promise<Row | null>, create: () => Promise<unknown>): Promise<Row> {
  const found = await find();
  if (found) return found;
  await create();
  const made = await find();
  if (!made) throw new Error("A row that was just made was removed at once");
  return made;
}
