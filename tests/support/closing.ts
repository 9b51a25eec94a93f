import { after } from "node:test";

/**
 * What a file of tests closes at its end, the newest first. Each is closed although another fails: whatever is left open would keep the test
 * runner waiting for ever.
 */
export function closingAfter(): (() => unknown)[] {
  const closing: (() => unknown)[] = [];
  after(async () => {
    const failed: unknown[] = [];
    for (const close of closing.reverse())
      await Promise.resolve()
        .then(close)
        .catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw new AggregateError(failed, "not everything could be closed");
  });
  return closing;
}
