"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { differencesOf, HINTS, type Text, textOf } from "#components/incidents/post-mortem-parts.ts";
import { type PostMortem, postMortemQuery, useSavePostMortem, type Which } from "#components/incidents/queries.ts";
import { ApiError } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { SaveBar } from "#components/ui/save-bar.tsx";
import { TextArea } from "#components/ui/text-area.tsx";
import { DateTime } from "#components/ui/time-format.tsx";
import { wireName } from "#lib/contract/wire.ts";
import { POST_MORTEM_PARTS } from "#lib/incidents/post-mortem-text.ts";

const MOST = 20_000;
const LEAST_LINES = 3;
const MOST_LINES = 16;

const linesOf = (text: string): number => Math.min(MOST_LINES, Math.max(LEAST_LINES, text.split("\n").length + 1));

/** Asks before a page is left whose changes were not saved. */
function useAskBeforeLeaving(changed: boolean): void {
  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [changed]);
}

type OvertakenProps = { theirs: PostMortem; mine: Text; onTakeTheirs: () => void; onSaveMine: () => void };

/** Somebody has saved meanwhile: neither text is lost before the reader says which goes on. */
function Overtaken({ theirs, mine, onTakeTheirs, onSaveMine }: OvertakenProps) {
  const { version, updatedBy, updatedAt } = theirs;
  const differences = differencesOf(mine, textOf(theirs)).join(", ");
  return (
    <Notice variant="warn" title="It was saved or removed meanwhile, and yours was not saved">
      <p>
        {version === 0 ? (
          "The post-mortem was removed."
        ) : (
          <>
            {updatedBy ?? "Somebody"} saved it{updatedAt && <> at {<DateTime at={updatedAt} />}</>}.{" "}
            {differences ? `Yours differs in: ${differences}.` : "It says what yours says."}
          </>
        )}
      </p>
      <span className="mt-2 flex flex-wrap gap-2">
        <Button className="h-8" onClick={onTakeTheirs}>
          Discard mine, show theirs
        </Button>
        <Button className="h-8" onClick={onSaveMine}>
          Save mine over theirs
        </Button>
      </span>
    </Notice>
  );
}

type PartsProps = { text: Text; error: Error | null; onChange: (text: Text) => void };

function Parts({ text, error, onChange }: PartsProps) {
  const problem = (part: string) => (error instanceof ApiError ? error.field(wireName(part)) : undefined);
  return (
    <Card className="grid gap-4">
      <Field
        label="Title"
        value={text.title}
        maxLength={300}
        error={problem("title")}
        onChange={(event) => onChange({ ...text, title: event.target.value })}
      />
      {POST_MORTEM_PARTS.map(([part, heading]) => (
        <TextArea
          key={part}
          label={heading}
          hint={`${HINTS[part]}. Markdown`}
          spellCheck
          maxLength={MOST}
          rows={linesOf(text[part])}
          className="font-sans text-sm"
          error={problem(part)}
          value={text[part]}
          onChange={(event) => onChange({ ...text, [part]: event.target.value })}
        />
      ))}
    </Card>
  );
}

type Props = { which: Which; initial: PostMortem; onClose: () => void };

/** Reads what is there now, after a save was refused. */
function useTheirs(which: Which) {
  const client = useQueryClient();
  const [theirs, setTheirs] = useState<PostMortem>();
  const read = async () => setTheirs(await client.fetchQuery({ ...postMortemQuery(which), staleTime: 0 }));
  return { theirs, read, forget: () => setTheirs(undefined) };
}

/** A post-mortem to write, part by part, in Markdown. */
export function PostMortemEditor({ which, initial, onClose }: Props) {
  const [base, setBase] = useState(initial);
  const [text, setText] = useState(textOf(initial));
  const save = useSavePostMortem(which);
  const { theirs, read, forget } = useTheirs(which);
  const isTyped = differencesOf(text, textOf(base)).length > 0;
  const changed = base.version === 0 || isTyped;
  useAskBeforeLeaving(isTyped);
  const isOvertaken = save.error instanceof ApiError && save.error.problem.status === 409;
  const send = (version: number) =>
    save.mutate(
      { ...text, version },
      {
        onSuccess: onClose,
        onError: (error) => {
          if (error instanceof ApiError && error.problem.status === 409) void read();
        },
      },
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(base.version);
  };
  const takeTheirs = () => {
    if (!theirs) return;
    setBase(theirs);
    setText(textOf(theirs));
    forget();
    save.reset();
  };
  return (
    <Form className="grid gap-3" onSubmit={submit}>
      <Parts text={text} error={save.error} onChange={setText} />
      {save.error && !(isOvertaken && theirs) && <Notice variant="bad" title={save.error.message} />}
      {isOvertaken && theirs && (
        <Overtaken theirs={theirs} mine={text} onTakeTheirs={takeTheirs} onSaveMine={() => send(theirs.version)} />
      )}
      <SaveBar note={base.version === 0 ? "A draft, not saved yet" : isTyped ? "Unsaved changes" : "Nothing changed"}>
        {isTyped ? (
          <ConfirmButton
            act="Discard changes"
            className="h-9"
            question="Discard what you wrote?"
            consequence="It was not saved, and is gone."
            onConfirm={onClose}
          />
        ) : (
          <Button onClick={onClose}>Close</Button>
        )}
        <Button type="submit" variant="primary" disabled={save.isPending || !changed || text.title.trim() === ""}>
          Save post-mortem
        </Button>
      </SaveBar>
    </Form>
  );
}
