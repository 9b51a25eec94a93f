import { CopyButton } from "#components/ui/copy-button.tsx";

/** A text that is shown whole, and copied by a button of this name. */
export const CopiedText = ({ name, text }: { name: string; text: string }) => (
  <div className="flex items-start gap-2">
    <code className="min-w-0 flex-1 select-all break-all rounded-md bg-raised p-2 font-mono text-xs">{text}</code>
    <CopyButton act="Copy" name={name} text={text} />
  </div>
);
