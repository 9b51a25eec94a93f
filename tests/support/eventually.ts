import assert from "node:assert/strict";

const EVERY_MS = 10;

/** Resolves once something holds; fails where it does not within so many seconds, and says what was waited for. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  seconds: number,
  what = "it did not happen",
): Promise<void> {
  for (const end = performance.now() + seconds * 1_000; performance.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  assert.ok(await holds(), `${what}, within ${seconds} s`);
}
