import { postJson } from "#lib/notify/outgoing.ts";

const TIMEOUT_MS = 10_000;

/**
 * Posts JSON to an address that an author of experiments named. The key is the same however often it is sent, so that a receiver can drop what
 * it has already.
 * @throws Error where it is not permitted, or not answered with a 2xx within ten seconds
 */
export async function sendWebhook(url: string, body: object, key: string, signal?: AbortSignal): Promise<void> {
  const headers = { "idempotency-key": key };
  const { status } = await postJson(url, body, {
    trust: "author",
    headers,
    limitMs: TIMEOUT_MS,
    ...(signal && { signal }),
  });
  const { host } = new URL(url);
  if (status >= 300 && status < 400)
    throw new Error(`${host} answered ${status}: redirects are not followed, enter where it leads`);
  if (status < 200 || status > 299) throw new Error(`${host} answered ${status}`);
}
