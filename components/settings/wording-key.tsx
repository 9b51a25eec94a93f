"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** The language model's key: stored encrypted, and never shown again. */
export function WordingKey() {
  const [key, setKey] = useState("");
  const store = useMutation({
    mutationFn: () => api("/insights/wording-key", { method: "POST", body: { key } }),
    onSuccess: () => setKey(""),
  });
  return (
    <Card className="mt-4 max-w-2xl">
      <CardTitle>Key of the language model</CardTitle>
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          store.mutate();
        }}
      >
        <Field
          label="Key"
          type="password"
          autoComplete="off"
          hint="Stored encrypted and never shown again. Store an empty one to take it away."
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <Button type="submit" disabled={store.isPending}>
          Store the key
        </Button>
        {store.isSuccess && <Notice look="good" title="Stored" />}
        {store.isError && <Notice look="bad" title={store.error.message} />}
      </form>
    </Card>
  );
}
