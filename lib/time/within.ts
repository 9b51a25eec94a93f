/** What `within` answers where it took too long. */
export const LATE = Symbol("late");

/** A timer that is later than this, ms, says that the process was busy, not that an answer is missing. */
const BUSY_MS = 100;

/**
 * An answer if it comes within so many ms, else LATE: whatever it still comes to is not heard. Rejects as the answer does. Where this process
 * was too busy to hear an answer that may have come, it is given as long again.
 */
export async function within<T>(answer: Promise<T>, limitMs: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<typeof LATE>((resolve) => {
    const due = performance.now() + limitMs;
    timer = setTimeout(() => {
      if (performance.now() - due < BUSY_MS) resolve(LATE);
      else timer = setTimeout(resolve, limitMs, LATE);
    }, limitMs);
  });
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}
