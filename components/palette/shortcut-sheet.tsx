import { GO } from "#components/palette/shortcuts.ts";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { may } from "#lib/contract/permissions.ts";
import type { Role } from "#lib/contract/roles.ts";

const Key = ({ children }: { children: string }) => (
  <kbd className="rounded border border-line bg-raised px-1.5 py-0.5 font-mono text-xs">{children}</kbd>
);

function Line({ keys, title }: { keys: string[]; title: string }) {
  return (
    <div className="flex items-center justify-between gap-3 py-1">
      <dt>{title}</dt>
      <dd className="flex gap-1">
        {keys.map((key) => (
          <Key key={key}>{key}</Key>
        ))}
      </dd>
    </div>
  );
}

type Props = { open: boolean; role: Role; letters: boolean; setLetters: (on: boolean) => void; onClose: () => void };

/** Which keys do what, and whether single letters do anything. */
export function ShortcutSheet({ open, role, letters, setLetters, onClose }: Props) {
  const places = Object.entries(GO).filter(([, { permission }]) => may(role, permission));
  return (
    <Dialog open={open} onOpenChange={(isOpen) => !isOpen && onClose()} title="Keyboard shortcuts">
      <dl className="grid gap-x-8 sm:grid-cols-2">
        <Line keys={["Ctrl", "K"]} title="Search everything" />
        <Line keys={["/"]} title="Search on this page" />
        <Line keys={["?"]} title="This list" />
        <Line keys={["Esc"]} title="Close" />
        {places.map(([letter, { title }]) => (
          <Line key={letter} keys={["g", letter]} title={title} />
        ))}
        <Line keys={["←", "→"]} title="Instant on a chart" />
        <Line keys={["Enter"]} title="What happened then" />
      </dl>
      <div className="mt-3 border-line border-t pt-3">
        <Checkbox
          label="Single letters do this"
          checked={letters}
          onChange={({ target }) => setLetters(target.checked)}
        />
      </div>
    </Dialog>
  );
}
