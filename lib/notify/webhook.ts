import { postJson, type Trust } from "#lib/notify/outgoing.ts";

const TIMEOUT_MS = 10_000;

type Options = {
  /** Who named the address; an author of experiments where nothing else is said. */
  trust?: Trust;
  headers?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
  /** So much of a refusal is repeated, bytes: none where its reader must not learn what the address answers. */
  shownBytes?: number;
};

/**
 * Posts JSON to an address that somebody named. The key is the same however often it is sent, so that a receiver can drop what it has already.
 * @throws Error where it is not permitted, or not answered with a 2xx within ten seconds
 */
export async function sendWebhook(url: string, body: object, key: string, options: Options = {}): Promise<void> {
  const { trust = "author", headers, signal, shownBytes = 0 } = options;
  const { status, text } = await postJson(url, body, {
    ...{ trust, limitMs: TIMEOUT_MS, maxBytes: shownBytes },
    headers: { "idempotency-key": key, ...headers },
    ...(signal && { signal }),
  });
  const { host } = new URL(url);
  if (status >= 300 && status < 400)
    throw new Error(`${host} answered ${status}: redirects are not followed, enter where it leads`);
  if (status < 200 || status > 299) throw new Error(`${host} answered ${status}${text && `: ${text}`}`);
}
