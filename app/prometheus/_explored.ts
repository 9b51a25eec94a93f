import type { Database } from "#lib/db/client.ts";
import { readableHosts } from "#lib/hosts/hosts.ts";
import { parseWithin } from "#lib/promql/http/parameters.ts";
import type { Listing } from "#lib/promql/store/explore.ts";

/** A question of which series there are. */
export type Explored = {
  db: Database;
  query: { "match[]"?: string[] | undefined; start?: string | undefined; end?: string | undefined };
};

/** The series that it is about. @throws QueryError bad_data */
export const exploredOf = async ({ db, query }: Explored): Promise<Listing> => {
  const within = parseWithin(query);
  return { hosts: await readableHosts(db), selectors: query["match[]"], within };
};
