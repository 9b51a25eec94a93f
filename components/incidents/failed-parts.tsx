/** What of an answer could not be read, part by part; the rest stands beside. */
export function FailedParts({ failed }: { failed: { part: string; message: string }[] }) {
  return failed.map(({ part, message }) => (
    <p key={part} role="status" className="mt-2 text-warn text-xs">
      Without {part}: {message}
    </p>
  ));
}
