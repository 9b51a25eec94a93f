import { notFound } from "next/navigation";
import { isDomainError } from "#lib/errors.ts";

/** What a page reads by the ids of its address: the page that says so where there is none, or the address does not name one. */
export async function orNotFound<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (isDomainError(error) && ["not-found", "validation"].includes(error.type)) notFound();
    throw error;
  }
}
