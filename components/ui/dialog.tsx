"use client";

import { useEffect, useEffectEvent, useState } from "react";
import type { DialogPopup, DialogProps } from "#components/ui/dialog-popup.tsx";
import { LOST } from "#components/ui/lost.tsx";
import { raiseError } from "#components/ui/toasts.tsx";

type Popup = { DialogPopup: typeof DialogPopup };

/** A question in front of the page; Escape and the cross close it. What draws it comes with the first that is opened, and Escape calls that off too. */
export function Dialog(props: DialogProps) {
  const [popup, setPopup] = useState<Popup>();
  const { open, onOpenChange } = props;
  const close = useEffectEvent(() => onOpenChange(false));
  const isWaiting = open && popup === undefined;
  useEffect(() => {
    if (!isWaiting) return;
    const waiting = new AbortController();
    document.addEventListener("keydown", ({ key }) => key === "Escape" && close(), { signal: waiting.signal });
    import("#components/ui/dialog-popup.tsx").then(setPopup, () => {
      if (waiting.signal.aborted) return;
      raiseError(LOST);
      close();
    });
    return () => waiting.abort();
  }, [isWaiting]);
  return popup && <popup.DialogPopup {...props} />;
}
