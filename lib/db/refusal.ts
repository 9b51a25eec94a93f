import { Prisma } from "#lib/db/generated/client.ts";

type AdapterError = { driverAdapterError?: { cause?: { originalCode?: string } } };

/** The SQLSTATE with which the server answered; undefined where it did not answer. */
function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  return (error.meta as AdapterError | undefined)?.driverAdapterError?.cause?.originalCode;
}

/** Classes of SQLSTATE that are about the data: data exception, integrity constraint, program limit. */
const DATA_CLASSES = ["22", "23", "54"];

/** Two wrote the same at once: the next try finds it there. */
const UNIQUE_VIOLATION = "23505";

/** Is it the data that the database refuses, so that trying again is no use? All else passes: a lost connection, a full disk, a shutdown. */
export function isDataRefused(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientValidationError) return true;
  const state = sqlState(error);
  return state !== UNIQUE_VIOLATION && DATA_CLASSES.includes(state?.slice(0, 2) ?? "");
}

/** Is a row gone that others are to refer to? */
export const isReferenceBroken = (error: unknown): boolean => sqlState(error) === "23503";
