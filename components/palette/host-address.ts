/** Pages that show one host at a time, which their address names. */
const BY_QUERY = ["/overview", "/insights", "/anomalies"];
const BY_PATH = /^\/hosts\/\d+$/;

/** What the address says of the time of a page holds for another host as well. */
const TIME = ["from", "to", "compare", "timezone", "refresh"];

/** Where another host leads from a page: to the same page of it where there is one, at the same time, else to its own. `search` as it stands in the address. */
export function hostAddress(path: string, search: string, id: number): string {
  const query = new URLSearchParams(search);
  if (BY_QUERY.includes(path)) {
    query.set("host", String(id));
    return `${path}?${query}`;
  }
  const time = BY_PATH.test(path) ? [...query].filter(([name]) => TIME.includes(name)) : [];
  return `/hosts/${id}${time.length > 0 ? `?${new URLSearchParams(time)}` : ""}`;
}
