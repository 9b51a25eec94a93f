"use client";

import { Download } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { orLost } from "#components/ui/lost.tsx";
import type { ExportRequest } from "#lib/contract/export-requests.ts";

/** Comes when somebody exports: nearly every page offers it. */
const ExportChoices = dynamic(
  orLost(() => import("#components/exports/export-choices.tsx").then((choices) => choices.ExportChoices)),
  { ssr: false },
);

/** What a page shows, as a file: downloaded now, or created in the background. */
export function ExportDialog({ request, what }: { request: ExportRequest; what: string }) {
  const [state, setState] = useState<"unused" | "open" | "closed">("unused");
  return (
    <span className="print:hidden">
      <Button variant="quiet" className="h-8 px-2" aria-label={`Export ${what}`} onClick={() => setState("open")}>
        <Download aria-hidden className="size-4" /> Export
      </Button>
      {state !== "unused" && (
        <ExportChoices
          {...{ request, what }}
          open={state === "open"}
          onOpenChange={(open) => setState(open ? "open" : "closed")}
        />
      )}
    </span>
  );
}
