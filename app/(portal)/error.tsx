"use client";

import { Failure } from "#components/ui/failure.tsx";

/** What a page throws while it is made has no text in the browser: the server's log has it. */
export default function PortalError({ reset }: { error: Error; reset: () => void }) {
  const error = new Error(
    "The server could not render this page, most likely because the database does not answer. Its log has the details.",
  );
  return (
    <div className="mx-auto max-w-xl p-6">
      <Failure what="This page" error={error} onRetry={reset} />
    </div>
  );
}
