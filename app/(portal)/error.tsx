"use client";

import { Failure } from "#components/ui/failure.tsx";
import { LOST } from "#components/ui/lost.tsx";

const FROM_SERVER =
  "The server could not render this page, most likely because the database does not answer. Its log has the details.";

/** What a page throws while it is made has no text in the browser: the server's log has it. */
export default function PortalError({ error, reset }: { error: Error; reset: () => void }) {
  const isLost = error.name === "ChunkLoadError" || /chunk|dynamically imported module/i.test(error.message);
  // A script that did not come is loaded again only with the page.
  const retry = isLost ? () => window.location.reload() : reset;
  return (
    <div className="mx-auto max-w-xl p-6">
      <Failure what="This page" error={new Error(isLost ? LOST : FROM_SERVER)} onRetry={retry} />
    </div>
  );
}
