import { CodeBlock } from "#components/ui/code-block.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { Sender, SetupStep } from "#lib/integrations/parts/integration.ts";

/** What to do, step by step, each text with a button that copies it. */
export const StepList = ({ steps, sender }: { steps: readonly SetupStep[]; sender: Sender }) => (
  <ol className="list-decimal space-y-4 pl-5 text-sm">
    {steps.map(({ text, code }, n) => {
      const content = code?.text(sender);
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps stay where they are
        <li key={n} className="pl-1">
          <p className="max-w-prose">{text}</p>
          {code && content && (
            <>
              <div className="mt-2 mb-1 flex items-end justify-between gap-2">
                <p className="min-w-0 font-mono text-muted text-xs [overflow-wrap:anywhere]">{code.where}</p>
                <CopyButton act="Copy" name={`Copy step ${n + 1}`} text={content} />
              </div>
              <CodeBlock label={`Step ${n + 1}: ${code.where}`} text={content} />
            </>
          )}
        </li>
      );
    })}
  </ol>
);
