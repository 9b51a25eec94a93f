"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import * as contract from "#lib/contract/index.ts";

type Secret = { title: string; label: string; hint: string; save: (text: string) => Promise<void> };

const SECRETS = {
  mailServer: {
    title: "Mail server",
    label: "URL",
    hint: "smtp://user:password@host:587, or smtps:// for TLS from the start. The server is contacted before the URL is saved. ",
    save: (url) => call(contract.settings.saveMailServer, { body: { url } }),
  },
  wordingKey: {
    title: "Language model",
    label: "API key",
    hint: "",
    save: (key) => call(contract.settings.saveWordingKey, { body: { key } }),
  },
} satisfies Record<string, Secret>;

/** A secret of the settings: stored encrypted, and never shown again. */
export function SecretCard({ secret }: { secret: keyof typeof SECRETS }) {
  const { title, label, hint, save } = SECRETS[secret];
  const [text, setText] = useState("");
  const store = useMutation({ mutationFn: () => save(text), onSuccess: () => setText("") });
  return (
    <Card className="mt-4 max-w-2xl">
      <CardTitle>{title}</CardTitle>
      <Form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          store.mutate();
        }}
      >
        <Field
          label={label}
          type="password"
          autoComplete="off"
          hint={`${hint}Stored encrypted and never shown again. Save an empty field to remove it.`}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={store.isPending}>
          {store.isPending ? "Saving…" : `Save ${label}`}
        </Button>
        {store.isSuccess && <Notice variant="good" title={`${title} saved`} />}
        {store.isError && <Notice variant="bad" title={store.error.message} />}
      </Form>
    </Card>
  );
}
