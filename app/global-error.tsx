"use client";

import "./globals.css";
import { Failure } from "#components/ui/failure.tsx";

export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  const error = new Error(
    "The server could not render this page, most likely because the database does not answer. Its log has the details.",
  );
  return (
    <html lang="en">
      <body>
        <title>Sightline</title>
        <main className="mx-auto max-w-xl p-6">
          <Failure what="Sightline" error={error} onRetry={reset} />
        </main>
      </body>
    </html>
  );
}
