import type { Which } from "#components/incidents/queries.ts";

/** The page of an incident's post-mortem. */
export const postMortemPage = ({ id, hostId }: Which): string =>
  `/anomalies/incidents/${id}/post-mortem?host=${hostId}`;
