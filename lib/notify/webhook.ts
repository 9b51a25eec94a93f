import { reasonOf } from "#lib/log.ts";

const TIMEOUT_MS = 10_000;

/**
 * Posts JSON to an address. The key is the same however often it is sent, so that a receiver can drop what it has already.
 * @throws Error where it is not answered with a 2xx within ten seconds
 */
export async function sendWebhook(url: string, body: object, key: string, signal?: AbortSignal): Promise<void> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "Sightline", "idempotency-key": key },
    body: JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  }).catch((error: Error) => {
    throw new Error(`${new URL(url).host} cannot be reached: ${reasonOf(error.cause ?? error)}`);
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
}
