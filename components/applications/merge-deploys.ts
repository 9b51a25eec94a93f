import type { Deploy } from "#components/applications/queries.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

/** What CI reports and what is seen of one version within so long are one deploy. */
const SAME_MS = HOUR_MS;

const bare = (version: string): string => version.replace(/^v(?=\d)/i, "");

/** Deploys oldest first, each once: one that is reported and seen stands where it came first, with the address of whoever gives one. */
export function mergeDeploys(deploys: readonly Deploy[]): Deploy[] {
  const merged: Deploy[] = [];
  for (const deploy of [...deploys].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    const same = merged.find(
      ({ version, at }) =>
        version !== "" && bare(version) === bare(deploy.version) && deploy.at.getTime() - at.getTime() <= SAME_MS,
    );
    if (!same) merged.push({ ...deploy });
    else if (same.url === "") same.url = deploy.url;
  }
  return merged;
}
