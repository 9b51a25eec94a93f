import { sessionSecret } from "#lib/access/token.ts";
import { openText, sealText } from "#lib/crypto/sealed.ts";
import type { Connection } from "#lib/db/client.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import { invalidField } from "#lib/errors.ts";
import { assertOutgoing } from "#lib/notify/outgoing.ts";

/** What stands for the path of a URL that is not shown. */
const HIDDEN = "…";

/** A webhook's URL as it is shown: whoever knows its path may post there. */
export const shownWebhook = (url: string): string => (url === "" ? "" : `${new URL(url).origin}/${HIDDEN}`);

const isShown = (url: string) => url !== "" && decodeURI(url).endsWith(`/${HIDDEN}`);

/** A webhook as it is stored: the plan has what is shown, a column of its own the sealed URL. */
export type StoredWebhook = { shown: string; sealed: string | null };

/**
 * A webhook's URL as it was entered, to be stored. What is shown of the stored one keeps that.
 * @throws DomainError validation for an address that nothing may be sent to, or a part of a URL that was never stored
 */
export function sealWebhook(entered: string, stored?: StoredWebhook): StoredWebhook {
  if (entered === "") return { shown: "", sealed: null };
  if (isShown(entered)) {
    if (stored?.sealed && shownWebhook(entered) === stored.shown) return stored;
    const message = "Enter the whole URL: only a part of it is shown";
    throw invalidField("plan.webhook", message);
  }
  assertOutgoing(entered, "author", "plan.webhook");
  return { shown: shownWebhook(entered), sealed: sealText(entered, sessionSecret()) };
}

/** The URL to post to. @throws Error where it was sealed by a portal with another secret */
export function openWebhook({ shown, sealed }: StoredWebhook): string {
  if (sealed === null) return shown;
  const url = openText(sealed, sessionSecret());
  if (url === undefined) throw new Error("The webhook's URL was encrypted by another portal: enter it again");
  return url;
}

const hideInHistory = (value: unknown) =>
  typeof value === "string" && URL.canParse(value) ? shownWebhook(value) : value;

/** Seals the URLs that an earlier version stored in plans and histories. Again it does nothing. */
export async function sealStoredWebhooks(db: Connection): Promise<void> {
  const rows = await db.experiment.findMany({ where: { webhookSealed: null }, select: { id: true, plan: true } });
  for (const { id, plan } of rows) {
    const { webhook = "", ...rest } = (plan ?? {}) as { webhook?: string };
    if (!URL.canParse(webhook) || isShown(webhook)) continue;
    const data = {
      plan: { ...rest, webhook: shownWebhook(webhook) },
      webhookSealed: sealText(webhook, sessionSecret()),
    };
    await db.experiment.update({ where: { id }, data });
  }
  const changes = await db.$queryRaw<{ id: number; change: unknown }[]>`
    SELECT id, change FROM experiment_change WHERE jsonb_exists(change, 'webhook')`;
  for (const { id, change } of changes) {
    const { webhook, ...rest } = change as { webhook?: { from: unknown; to: unknown } };
    if (!webhook) continue;
    const hidden = { from: hideInHistory(webhook.from), to: hideInHistory(webhook.to) };
    if (hidden.from === webhook.from && hidden.to === webhook.to) continue;
    const data = { change: { ...rest, webhook: hidden } as Prisma.InputJsonObject };
    await db.experimentChange.update({ where: { id }, data });
  }
}
