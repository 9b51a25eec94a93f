import { worstHost } from "#lib/anomalies/count-anomalies.ts";
import { entityIdParam } from "#lib/contract/shared.ts";
import type { Connection } from "#lib/db/client.ts";

/** An id in the address of a page; undefined for what is none. */
export const idParam = (text: string | undefined): number | undefined => {
  const { success, data } = entityIdParam.safeParse(text);
  return success ? data : undefined;
};

/** The id of nothing: what is read by it is not found. */
export const NO_ID = 0;

/** The host that the address of a page names, NO_ID for what is no id; undefined where it names none. */
export const hostParam = ({ host }: { host?: string }): number | undefined =>
  host === undefined || host === "" ? undefined : (idParam(host) ?? NO_ID);

/**
 * The host that a page of one host shows: the one its address names, undefined where there is no such; where it names none the one with the worst
 * open anomalies, else the first by name.
 */
export async function chooseHost<H extends { id: number }>(
  db: Connection,
  hosts: H[],
  wanted: number | undefined,
): Promise<H | undefined> {
  const id = wanted ?? (await worstHost(db));
  const chosen = hosts.find((host) => host.id === id);
  return wanted === undefined ? (chosen ?? hosts[0]) : chosen;
}
