"use client";

import dynamic from "next/dynamic";
import { useEffect, useState, useSyncExternalStore } from "react";
import { orLost } from "#components/ui/lost.tsx";
import type { Raise } from "#components/ui/toaster.tsx";

// Toasts are rare, and what draws them is not small: it comes with the first.
const Toaster = dynamic(
  orLost(() => import("#components/ui/toaster.tsx").then((drawn) => drawn.RaisingToaster)),
  {
    ssr: false,
  },
);

const NONE: readonly Raise[] = [];
let waiting = NONE;
const listeners = new Set<() => void>();

function setWaiting(next: readonly Raise[]): void {
  waiting = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Has a word shown at the edge of the page. */
export const raiseToast = (raise: Raise): void => setWaiting([...waiting, raise]);

/** Has what went wrong shown there. */
export const raiseError = (text: string): void => raiseToast((toast) => toast.error(text));

/** Where toasts are shown. */
export function Toasts() {
  const next = useSyncExternalStore(
    subscribe,
    () => waiting,
    () => NONE,
  );
  const [isWanted, setWanted] = useState(false);
  useEffect(() => {
    if (next.length > 0) setWanted(true);
  }, [next]);
  return isWanted && <Toaster waiting={next} onTaken={() => setWaiting(NONE)} />;
}
