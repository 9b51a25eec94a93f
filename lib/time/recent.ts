/**
 * Answers what was read at most `freshMs` ago, for what is asked hundreds of times a second and changes seldom. Who asks while it is read waits for
 * the same reading; one that fails is not kept.
 */
export function recently<Source, T>(
  read: (source: Source) => Promise<T>,
  freshMs: number,
): (source: Source) => Promise<T> {
  let kept: { at: number; source: Source; value: Promise<T> } | undefined;
  return (source) => {
    const now = performance.now();
    if (kept && kept.source === source && now - kept.at < freshMs) return kept.value;
    const reading = { at: now, source, value: read(source) };
    kept = reading;
    reading.value.catch(() => {
      if (kept === reading) kept = undefined;
    });
    return reading.value;
  };
}
