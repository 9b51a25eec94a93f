"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";

type Props = {
  text: string;
  /** What the button does: "Copy", "Copy SQL". */
  act: string;
  /** What is copied, where there are several buttons alike. */
  name?: string;
  className?: string;
  /** Where the page may not write the clipboard, as over plain http from another machine. */
  onRefused?: () => void;
};

/** Copies a text, and says that it did. */
export function CopyButton({ text, act, name, className, onRefused = () => undefined }: Props) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      onRefused();
    }
  };
  const Icon = copied ? Check : Copy;
  return (
    <Button aria-label={name} className={cn("h-7 shrink-0 px-2 text-xs", className)} onClick={copy}>
      <Icon aria-hidden className="size-3.5" /> {copied ? "Copied" : act}
    </Button>
  );
}
