"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { SECOND_MS } from "#lib/time/durations.ts";

/** public/offline.js reads it. */
const ANSWERED_AT = "sightline-answered-at";
const EVERY_MS = 10 * SECOND_MS;

function noteAnswer(): void {
  try {
    localStorage.setItem(ANSWERED_AT, String(Date.now()));
  } catch {
    // This browser keeps nothing.
  }
}

/** Lets browsers install the portal, and show a page of their own while it cannot be reached, which says when it last answered. */
export function Installed() {
  const client = useQueryClient();
  useEffect(() => {
    let notedAt = Number.NEGATIVE_INFINITY;
    return client.getQueryCache().subscribe(({ query, type }) => {
      if (type !== "updated" || query.state.status !== "success" || performance.now() - notedAt < EVERY_MS) return;
      notedAt = performance.now();
      noteAnswer();
    });
  }, [client]);
  useEffect(() => {
    // Only where the address is one that a browser trusts; without it all else is as it was.
    void navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
  }, []);
  return null;
}
