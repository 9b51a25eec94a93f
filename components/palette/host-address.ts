/** Pages that show one host at a time, which their address names. */
const OF_A_HOST = ["/overview", "/insights", "/anomalies"];

/** Where another host leads from a page: to the same page of it where there is one, else to its own. `search` as it stands in the address. */
export function hostAddress(path: string, search: string, id: number): string {
  if (!OF_A_HOST.includes(path)) return `/hosts/${id}`;
  const query = new URLSearchParams(search);
  query.set("host", String(id));
  return `${path}?${query}`;
}
