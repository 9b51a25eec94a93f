import { listPeople } from "#lib/access/users.ts";
import { hasChannel } from "#lib/alerts/channels/list-channels.ts";
import { ROLES } from "#lib/contract/roles.ts";
import type { Connection } from "#lib/db/client.ts";
import { watchedHosts } from "#lib/hosts/hosts.ts";
import { isMailSet } from "#lib/settings/store.ts";

/** What is worth doing once the portal is set up, and whether it is done. */
export type FirstSteps = Record<"host" | "channel" | "mail" | "account", boolean>;

/** Whether a second host is watched, alerts are told to anybody, mails can be sent, and somebody else may sign in. */
export async function readFirstSteps(db: Connection): Promise<FirstSteps> {
  const [hosts, channel, mail, people] = await Promise.all([
    watchedHosts(db),
    hasChannel(db),
    isMailSet(db),
    listPeople(db, ROLES),
  ]);
  return { host: hosts.length > 1, channel, mail, account: people.length > 1 };
}
