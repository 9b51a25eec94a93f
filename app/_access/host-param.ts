import { entityIdParam } from "#lib/contract/shared.ts";

/** An id in the address of a page; undefined for what is none. */
export const idParam = (text: string | undefined): number | undefined => {
  const { success, data } = entityIdParam.safeParse(text);
  return success ? data : undefined;
};

/** The id of nothing: what is read by it is not found. */
export const NO_ID = 0;

/** The host that the address of a page names; undefined where it names none. */
export const hostParam = ({ host }: { host?: string }): number | undefined => idParam(host);

/** The host that a page of one host shows: the one its address names, else the first by name. */
export const chooseHost = <H extends { id: number }>(hosts: H[], wanted: number | undefined): H | undefined =>
  hosts.find(({ id }) => id === wanted) ?? hosts[0];
