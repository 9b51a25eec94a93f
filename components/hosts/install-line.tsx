"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import type { CreatedToken } from "#components/hosts/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

/** Text to paste into a terminal. Where the page may not write the clipboard (plain http), the text is selected instead. */
function Command({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const [code, setCode] = useState<HTMLElement | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      if (code) window.getSelection()?.selectAllChildren(code);
    }
  };
  return (
    <div className="flex items-start gap-2 rounded-md border border-line bg-canvas p-2">
      <code ref={setCode} title={label} className="min-w-0 flex-1 select-all break-all font-mono text-xs">
        {text}
      </code>
      <Button variant="quiet" className="h-7 shrink-0 px-2 text-xs" aria-label={`Copy: ${label}`} onClick={copy}>
        {copied ? <Check aria-hidden className="size-3.5" /> : <Copy aria-hidden className="size-3.5" />}
        {copied ? "Copied" : "Copy"}
      </Button>
    </div>
  );
}

/** The line that installs an agent. Its token is shown this once. */
export function InstallLine({ token }: { token: CreatedToken }) {
  const foreground = token.command.replace("sudo node", "node").replace(" install ", " run --data ./sightline-agent ");
  return (
    <div className="space-y-2">
      <p className="text-xs">
        On the host, with Node 20 or later, as a systemd service. The token in the line is shown only now and is valid
        until <DateTime at={token.expiresAt} />.
      </p>
      <Command label="Install as a service" text={token.command} />
      <details className="text-xs">
        <summary className="cursor-pointer text-muted">Without systemd, or to try it in a terminal</summary>
        <div className="mt-2">
          <Command label="Run in a terminal" text={foreground} />
        </div>
      </details>
    </div>
  );
}
