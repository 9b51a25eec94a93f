"use client";

import { useEffect, useEffectEvent } from "react";
import { Toaster, toast } from "sonner";

/** Shows a toast by sonner's own means. */
export type Raise = (means: typeof toast) => void;

type Props = { waiting: readonly Raise[]; onTaken: () => void };

/** Shows what waits, once sonner listens: what is raised before is lost to it. */
export function RaisingToaster({ waiting, onTaken }: Props) {
  const finish = useEffectEvent(onTaken);
  useEffect(() => {
    if (waiting.length === 0) return;
    for (const raise of waiting) raise(toast);
    finish();
  }, [waiting]);
  return <Toaster position="bottom-right" closeButton theme="system" />;
}
