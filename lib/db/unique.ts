import { Prisma } from "#lib/db/generated/client.ts";

/** Whether a row was refused because another has its unique value, also where two were written at once. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
