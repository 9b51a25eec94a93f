"use client";

import { useQuery } from "@tanstack/react-query";
import { type InputWithToken, inputsQuery } from "#components/inputs/queries.ts";
import { SETUPS } from "#components/inputs/setups.ts";
import { Waiting } from "#components/inputs/waiting.tsx";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { CopiedText } from "#components/ui/copied-text.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { formatText } from "#lib/format/value.ts";

/** Whether something came since the token was made. */
function Arrival({ input }: { input: InputWithToken }) {
  const { data = [] } = useQuery(inputsQuery);
  const now = data.find(({ id }) => id === input.id);
  if (now?.lastReceivedAt && now.lastReceivedAt >= input.tokenAt)
    return (
      <Notice
        variant="good"
        title={`Data is arriving: ${formatText(now.samplesPerSecond, "count")} samples/s, ${now.series} series`}
      />
    );
  return <Waiting />;
}

/** What is shown once of an input: its token, and how to configure the sender with it. */
export function InputToken({ input, onDone }: { input: InputWithToken; onDone: () => void }) {
  const setup = SETUPS[input.kind]?.(window.location.origin, input.token);
  return (
    <div className="space-y-3 text-sm">
      <p>The token is shown only now. It lets a program send to this input and do nothing else.</p>
      <CopiedText name="Copy token" text={input.token} />
      {setup && (
        <>
          <div className="flex items-end justify-between gap-2">
            <p>{setup.where}</p>
            <CopyButton act="Copy" name="Copy configuration" text={setup.text} />
          </div>
          <CodeBlock label="Configuration" text={setup.text} />
        </>
      )}
      <div aria-live="polite">
        <Arrival input={input} />
      </div>
      <div className="flex justify-end">
        <Button onClick={onDone}>Close</Button>
      </div>
    </div>
  );
}
