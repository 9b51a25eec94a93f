"use client";

import { useState } from "react";
import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { TextArea } from "#components/ui/text-area.tsx";

/** Whatever a PromQL expression gives, as a file. */
export function ExpressionExport() {
  const [query, setQuery] = useState("");
  const expression = query.trim();
  return (
    <Card>
      <CardTitle
        aside={
          expression && (
            <ExportDialog
              what="expression"
              request={{ kind: "expression", query: expression, from: "now-1d", to: "now", layout: "long" }}
            />
          )
        }
      >
        Export an expression
      </CardTitle>
      <TextArea
        label="Expression"
        className="h-16"
        hint="PromQL, such as sum by (host) (rate(network_receive_bytes[5m])). “As shown” is the past 24 hours."
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
    </Card>
  );
}
