"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { heartbeatQuery } from "#components/alerts/rule-queries.ts";
import { Button } from "#components/ui/button.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

/** Where a job reports, for whoever sets it up. */
export function HeartbeatUrl({ ruleId, name }: { ruleId: number; name: string }) {
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({ ...heartbeatQuery(ruleId), enabled: open });
  if (!open)
    return (
      <Button
        variant="quiet"
        className="h-7 text-xs"
        aria-label={`Show the URL of ${name}`}
        onClick={() => setOpen(true)}
      >
        Show URL
      </Button>
    );
  if (error) return <p className="text-bad text-xs">{error.message}</p>;
  if (!data) return null;
  return (
    <div className="text-xs">
      <code className="block break-all">curl -X POST {data.url}</code>
      <p className="text-muted">
        {data.failed ? "It reported a failure" : "The last report, or since when it is waited for"}:{" "}
        <DateTime at={data.lastAt} />
        {data.note && `, ${data.note}`}. With ?failed=true it says that the job failed.
      </p>
    </div>
  );
}
