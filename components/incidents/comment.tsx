"use client";

import { type FormEvent, useState } from "react";
import { useAddComment, useEditComment, useRemoveComment, type Which } from "#components/incidents/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Form } from "#components/ui/form.tsx";
import { TextArea } from "#components/ui/text-area.tsx";
import { TextWithTimes } from "#components/ui/time-format.tsx";

const PROSE = "font-sans text-sm";
const MOST = 2_000;

/** Says something about an incident. */
export function CommentForm({ which }: { which: Which }) {
  const add = useAddComment(which);
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(text, { onSuccess: () => setText("") });
  };
  return (
    <Form className="mt-4 border-line border-t pt-3" onSubmit={submit}>
      <TextArea
        label="Comment"
        spellCheck
        rows={2}
        maxLength={MOST}
        className={PROSE}
        error={add.error?.message}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" className="mt-2" disabled={add.isPending || text.trim() === ""}>
        Add comment
      </Button>
    </Form>
  );
}

type Own = { which: Which; id: number; text: string };

function Editing({ which, id, text: initial, onClose }: Own & { onClose: () => void }) {
  const edit = useEditComment(which, id);
  const [text, setText] = useState(initial);
  return (
    <span className="block space-y-2">
      <TextArea
        label="Your comment"
        spellCheck
        autoFocus
        rows={3}
        maxLength={MOST}
        className={PROSE}
        error={edit.error?.message}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <span className="flex gap-2">
        <Button
          variant="primary"
          className="h-8"
          disabled={edit.isPending || text.trim() === ""}
          onClick={() => edit.mutate(text, { onSuccess: onClose })}
        >
          Save comment
        </Button>
        <Button className="h-8" onClick={onClose}>
          Cancel
        </Button>
      </span>
    </span>
  );
}

/** A comment of the reader's own, which they may change and remove. */
export function OwnComment({ which, id, text }: Own) {
  const [isEditing, setEditing] = useState(false);
  const remove = useRemoveComment(which, id);
  if (isEditing) return <Editing {...{ which, id, text }} onClose={() => setEditing(false)} />;
  return (
    <>
      <TextWithTimes text={text} />
      <span className="ml-2 inline-flex gap-1 align-baseline">
        <Button variant="quiet" className="h-6 px-1.5 text-xs" onClick={() => setEditing(true)}>
          Edit
        </Button>
        <ConfirmButton
          act="Remove"
          name="Remove comment"
          className="h-6 px-1.5 text-xs"
          question="Remove this comment?"
          consequence="It is gone for everybody. That it was removed stands in the audit trail."
          disabled={remove.isPending}
          onConfirm={() => remove.mutate(undefined)}
        />
      </span>
      {remove.isError && <span className="ml-2 text-bad text-xs">{remove.error.message}</span>}
    </>
  );
}
