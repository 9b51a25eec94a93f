"use client";

import { useMutation } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { contract } from "#lib/contract/index.ts";

const TEXTS = {
  confirm: { title: "Subscribe to incidents", act: "Confirm subscription", done: "You will be notified of incidents" },
  unsubscribe: { title: "Unsubscribe from incidents", act: "Unsubscribe", done: "You are unsubscribed" },
};

/** Confirms a subscription or ends it. A button, as programs follow links by themselves. */
export function StatusSubscription({ token, act }: { token: string; act: keyof typeof TEXTS }) {
  const change = useMutation<unknown, Error>({
    mutationFn: () => call(contract.statusPages[act], { query: { token } }),
  });
  const { title, act: label, done } = TEXTS[act];
  return (
    <>
      <h1 className="mb-3 font-semibold text-lg">{title}</h1>
      {change.isSuccess ? (
        <Notice variant="good" title={done} />
      ) : (
        <Button variant="primary" disabled={change.isPending || token === ""} onClick={() => change.mutate()}>
          {label}
        </Button>
      )}
      {change.isError && <Notice variant="bad" className="mt-3" title={change.error.message} />}
    </>
  );
}
