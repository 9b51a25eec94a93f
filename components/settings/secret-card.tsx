"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";

type Props = { title: string; label: string; hint?: string; path: string; name: string };

/** Something secret: stored encrypted, and never shown again. */
export function SecretCard({ title, label, hint = "", path, name }: Props) {
  const [text, setText] = useState("");
  const store = useMutation({
    mutationFn: () => api(path, { method: "PUT", body: { [name]: text } }),
    onSuccess: () => setText(""),
  });
  return (
    <Card className="mt-4 max-w-2xl">
      <CardTitle>{title}</CardTitle>
      <form
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
          hint={`${hint} Stored encrypted and never shown again. Store an empty one to take it away.`.trim()}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={store.isPending}>
          {store.isPending ? "Storing…" : "Store it"}
        </Button>
        {store.isSuccess && <Notice variant="good" title="Stored" />}
        {store.isError && <Notice variant="bad" title={store.error.message} />}
      </form>
    </Card>
  );
}
