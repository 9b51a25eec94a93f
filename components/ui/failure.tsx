"use client";

import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** In place of something that could not be loaded: what went wrong, and a way to try again. */
export function Failure({ what, error, onRetry }: { what: string; error?: Error | null; onRetry: () => void }) {
  return (
    <Notice variant="bad" title={`${what} could not be loaded`}>
      <p className="mb-2">{error?.message || "The server gave no reason"}</p>
      <Button className="h-8" onClick={onRetry}>
        Try again
      </Button>
    </Notice>
  );
}
