import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Notice } from "#components/ui/notice.tsx";

type Props = {
  act: string;
  enabled: boolean;
  save: { error: Error | null; isPending: boolean };
  onEnabled: (enabled: boolean) => void;
  onCancel: () => void;
};

/** The end of a form for what can be off: whether it is on, what was refused, and the way out. */
export const FormEnd = ({ act, enabled, save, onEnabled, onCancel }: Props) => (
  <>
    <Checkbox label="On" checked={enabled} onChange={(event) => onEnabled(event.target.checked)} />
    {save.error && <Notice variant="bad" title={save.error.message} />}
    <div className="flex justify-end gap-2">
      <Button onClick={onCancel}>Cancel</Button>
      <Button type="submit" variant="primary" disabled={save.isPending}>
        {act}
      </Button>
    </div>
  </>
);
