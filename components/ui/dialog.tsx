"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import type { DialogProps } from "#components/ui/dialog-popup.tsx";

const DialogPopup = dynamic(() => import("#components/ui/dialog-popup.tsx").then((popup) => popup.DialogPopup), {
  ssr: false,
});

/** A question in front of the page; Escape and the cross close it. What draws it comes with the first that is opened. */
export function Dialog(props: DialogProps) {
  const [isWanted, setWanted] = useState(props.open);
  if (props.open && !isWanted) setWanted(true);
  return isWanted && <DialogPopup {...props} />;
}
