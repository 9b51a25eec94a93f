import { releaseHeld } from "#lib/alerts/queue-deliveries.ts";
import type { Database } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";

/** Ends a silence: what it held back is sent, where it still goes on. @throws DomainError not-found */
export async function endSilence(db: Database, id: number, now: number): Promise<void> {
  await db.$transaction(async (tx) => {
    const at = new Date(now);
    const { count } = await tx.alertSilence.updateMany({ where: { id, endsAt: { gt: at } }, data: { endsAt: at } });
    if (count === 0) throw new DomainError("not-found", `There is no silence ${id} that holds`);
    await releaseHeld(tx, { silenceId: id }, now);
  });
}
