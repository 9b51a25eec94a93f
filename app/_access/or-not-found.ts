import { notFound } from "next/navigation";
import { isDomainError } from "#lib/errors.ts";

/** What a page reads by an id of its address: the page that says so where there is none. */
export async function orNotFound<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (isDomainError(error) && error.type === "not-found") notFound();
    throw error;
  }
}
