"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { type Host, useUpdateHost } from "#components/hosts/queries.ts";
import { splitTags } from "#components/hosts/tags.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useTextFields } from "#components/ui/use-text-fields.ts";

export type EditedHost = Pick<Host, "id" | "name" | "hostname" | "tags" | "group">;

function EditForm({ host, onDone }: { host: EditedHost; onDone: () => void }) {
  const update = useUpdateHost();
  const router = useRouter();
  const { texts, field } = useTextFields({ name: host.name, tags: host.tags.join(", "), group: host.group });
  const problem = problemsOf(update.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, tags, group } = texts;
    update.mutate(
      { id: host.id, name: name.trim() === "" ? null : name, tags: splitTags(tags), group },
      {
        onSuccess() {
          router.refresh();
          onDone();
        },
      },
    );
  };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <Field
        label="Name"
        hint={`Leave empty for its hostname, ${host.hostname}`}
        error={problem("name")}
        {...field("name")}
      />
      <Field
        label="Tags"
        hint="With commas between: env:prod, web"
        error={problem("tags") ?? problem("tags.0")}
        {...field("tags")}
      />
      <Field label="Group" error={problem("group")} {...field("group")} />
      {update.isError && <Notice variant="bad" title={update.error.message} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={update.isPending}>
          Save host
        </Button>
      </div>
    </Form>
  );
}

/** How a host is called and sorted. */
export function EditHost({ host }: { host: EditedHost }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className="h-8" onClick={() => setOpen(true)}>
        Edit host
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={`Edit ${host.name}`}>
        <EditForm host={host} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}
