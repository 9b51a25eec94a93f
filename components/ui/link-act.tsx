import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

type Props = {
  title: string;
  act: string;
  done: string;
  note?: string;
  disabled: boolean;
  mutation: { isPending: boolean; isSuccess: boolean; error: Error | null; mutate: () => void };
};

/** What a link of an email does, by a button: programs follow links by themselves. */
export const LinkAct = ({ title, act, done, note, disabled, mutation }: Props) => (
  <>
    <h1 className="mb-3 font-semibold text-lg">{title}</h1>
    {mutation.isSuccess ? (
      <Notice variant="good" title={done}>
        {note}
      </Notice>
    ) : (
      <Button variant="primary" disabled={mutation.isPending || disabled} onClick={() => mutation.mutate()}>
        {act}
      </Button>
    )}
    {mutation.error && <Notice variant="bad" className="mt-3" title={mutation.error.message} />}
  </>
);
