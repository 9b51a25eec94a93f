"use client";

import { useMutation } from "@tanstack/react-query";
import { api } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";

/** A link to this report for somebody without an account, good for a week. */
export function Share({ id }: { id: number }) {
  const share = useMutation({
    mutationFn: () => api<{ path: string }>(`/reports/${id}/share`, { method: "POST", body: {} }),
  });
  if (share.data)
    return (
      <Field
        className="w-64"
        label="Link, for a week"
        readOnly
        value={window.location.origin + share.data.path}
        onFocus={(event) => event.target.select()}
      />
    );
  return (
    <>
      <Button look="quiet" className="h-8" disabled={share.isPending} onClick={() => share.mutate()}>
        Share
      </Button>
      {share.isError && (
        <span role="alert" className="text-bad text-xs">
          {share.error.message}
        </span>
      )}
    </>
  );
}
