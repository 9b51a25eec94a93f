/** The host that the address of a page names; undefined where it names none. */
export function hostParam({ host }: { host?: string }): number | undefined {
  const id = Number(host);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** The host that a page of one host shows: the one its address names, else the first by name. */
export const chooseHost = <H extends { id: number }>(hosts: H[], wanted: number | undefined): H | undefined =>
  hosts.find(({ id }) => id === wanted) ?? hosts[0];
