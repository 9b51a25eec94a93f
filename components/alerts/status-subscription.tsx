"use client";

import { useMutation } from "@tanstack/react-query";
import { call } from "#components/layout/api.ts";
import { LinkAct } from "#components/ui/link-act.tsx";
import * as contract from "#lib/contract/index.ts";

const TEXTS = {
  confirm: { title: "Subscribe to incidents", act: "Confirm subscription", done: "You will be notified of incidents" },
  unsubscribe: { title: "Unsubscribe from incidents", act: "Unsubscribe", done: "You are unsubscribed" },
};

/** Confirms a subscription or ends it. */
export function StatusSubscription({ token, act }: { token: string; act: keyof typeof TEXTS }) {
  const mutation = useMutation<unknown, Error>({
    mutationFn: () => call(contract.statusPages[act], { query: { token } }),
  });
  return <LinkAct {...TEXTS[act]} disabled={token === ""} mutation={mutation} />;
}
