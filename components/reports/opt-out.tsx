"use client";

import { useMutation } from "@tanstack/react-query";
import { api } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** One click and no further mail comes. A button, as programs follow links by themselves. */
export function OptOut({ token }: { token: string }) {
  const stop = useMutation({
    mutationFn: () => api(`/unsubscribe?token=${encodeURIComponent(token)}`, { method: "POST" }),
  });
  return (
    <>
      <h1 className="mb-3 font-semibold text-lg">No more of these mails</h1>
      {stop.isSuccess ? (
        <Notice variant="good" title="Done: this report comes to you no more">
          Whoever scheduled it can name you again.
        </Notice>
      ) : (
        <Button variant="primary" disabled={stop.isPending || token === ""} onClick={() => stop.mutate()}>
          Stop them
        </Button>
      )}
      {stop.isError && <Notice variant="bad" className="mt-3" title={stop.error.message} />}
    </>
  );
}
