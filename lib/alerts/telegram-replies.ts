import * as z from "zod";
import { acknowledgeAlert } from "#lib/alerts/attend-alert.ts";
import { type OpenChannel, openChannel } from "#lib/alerts/channels/store.ts";
import { readAlert } from "#lib/alerts/list-alerts.ts";
import { silenceAlert } from "#lib/alerts/silences.ts";
import type { Database } from "#lib/db/client.ts";
import { held } from "#lib/db/held.ts";
import { isDomainError } from "#lib/errors.ts";
import { runParts } from "#lib/jobs/failures.ts";
import { postJson } from "#lib/notify/outgoing.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

// Telegram's buttons under a notification: their presses are fetched (core.telegram.org/bots/api, getUpdates), so that the portal needs no port that
// is open to the internet.

const TIMEOUT_MS = 10 * SECOND_MS;
const MOST_BYTES = 256 * 1024;
const MOST_UPDATES = 50;

const updateSchema = z.object({
  update_id: z.number(),
  callback_query: z
    .object({
      id: z.string(),
      data: z.string().optional(),
      from: z.object({ username: z.string().optional(), first_name: z.string().optional() }),
      message: z.object({ chat: z.object({ id: z.union([z.number(), z.string()]) }) }).optional(),
    })
    .optional(),
});
const answerSchema = z.object({ ok: z.literal(true), result: z.array(updateSchema) });

type Press = NonNullable<z.infer<typeof updateSchema>["callback_query"]>;

async function ask({ settings, trust }: OpenChannel, method: string, body: object, signal?: AbortSignal) {
  const { url = "", token = "" } = settings;
  const target = `${url || "https://api.telegram.org"}/bot${token}/${method}`;
  const options = { trust, limitMs: TIMEOUT_MS, maxBytes: MOST_BYTES, ...(signal && { signal }) };
  const { status, text } = await postJson(target, body, options);
  if (status !== 200) throw new Error(`Telegram answered ${status}`);
  return text;
}

/** Does what a button says, and answers what to say of it. */
async function follow(db: Database, { settings }: OpenChannel, press: Press, now: number): Promise<string> {
  if (String(press.message?.chat.id) !== settings.chat) return "This is not the chat of the channel";
  const [, act, hostId, id] = /^(ack|silence) (\d{1,9}) (\d{1,9})$/.exec(press.data ?? "") ?? [];
  if (!act) return "This button is not one of Sightline's";
  const which = { hostId: Number(hostId), id: Number(id) };
  const by = `by ${press.from.username ?? press.from.first_name ?? "somebody"} in Telegram`.slice(0, 200);
  try {
    if (act === "ack") {
      await acknowledgeAlert(db, { ...which, userId: null, now }, { comment: by, until: null });
      return "Acknowledged";
    }
    await silenceAlert(db, await readAlert(db, which.hostId, which.id), { comment: by, userId: null, now });
    return "Silenced for 2 hours";
  } catch (error) {
    if (isDomainError(error)) return error.message.slice(0, 200);
    throw error;
  }
}

/** Fetches the presses of a channel's bot and follows each; what is followed is confirmed at once, and comes no second time. */
async function followChannel(db: Database, id: number, now: number, signal?: AbortSignal): Promise<number> {
  const channel = await openChannel(db, id);
  const body = { allowed_updates: ["callback_query"], limit: MOST_UPDATES, timeout: 0 };
  const { result } = answerSchema.parse(JSON.parse(await ask(channel, "getUpdates", body, signal)));
  for (const { update_id, callback_query: press } of result) {
    if (press) {
      const text = await follow(db, channel, press, now);
      await ask(channel, "answerCallbackQuery", { callback_query_id: press.id, text }, signal);
    }
    await ask(channel, "getUpdates", { ...body, offset: update_id + 1, limit: 1 }, signal);
  }
  return result.length;
}

/** Follows what was pressed under notifications in Telegram; a bot that fails stops no other. Answers how many. */
export async function followReplies(db: Database, now: number, signal?: AbortSignal): Promise<number> {
  const channels = await held().get("alert_channel", "telegram", () =>
    db.alertChannel.findMany({ where: { kind: "telegram", enabled: true }, select: { id: true, name: true } }),
  );
  let count = 0;
  const parts = channels.map(({ id, name }) => ({
    subject: name,
    async run() {
      count += await followChannel(db, id, now, signal);
    },
  }));
  await runParts(db, "replies", parts, { now, ...(signal && { signal }) });
  return count;
}
