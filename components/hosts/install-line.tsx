"use client";

import { useState } from "react";
import type { CreatedToken } from "#components/hosts/queries.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

/** Text to paste into a terminal. Where the page may not write the clipboard (plain http), the text is selected instead. */
function Command({ text, label }: { text: string; label: string }) {
  const [code, setCode] = useState<HTMLElement | null>(null);
  const select = () => code && window.getSelection()?.selectAllChildren(code);
  return (
    <div className="flex items-start gap-2 rounded-md border border-line bg-canvas p-2">
      <code ref={setCode} title={label} className="min-w-0 flex-1 select-all break-all font-mono text-xs">
        {text}
      </code>
      <CopyButton act="Copy" name={`Copy: ${label}`} text={text} onRefused={select} />
    </div>
  );
}

/** The line that installs an agent. Its token is shown this once. */
export function InstallLine({ token: { commands, expiresAt } }: { token: CreatedToken }) {
  return (
    <div className="space-y-2">
      <p className="text-xs">
        On the host, with Node 20 or later, as a systemd service. The token in the line is shown only now and is valid
        until <DateTime at={expiresAt} />.
      </p>
      <Command label="Install as a service" text={commands.service} />
      <details className="text-xs">
        <summary className="cursor-pointer text-muted">Without Node, without systemd, or to try it first</summary>
        <div className="mt-2 space-y-2">
          {commands.executable && (
            <>
              <p>Without Node: one executable, 120 MiB.</p>
              <Command label="Install without Node" text={commands.executable} />
            </>
          )}
          <p>In a terminal, until it is closed; as another user than root it sees less of other users' processes.</p>
          <Command label="Run in a terminal" text={commands.terminal} />
        </div>
      </details>
    </div>
  );
}
