"use client";

import { useState } from "react";
import { useForm } from "react-hook-form";
import type { z } from "zod";
import { call } from "#components/layout/api.ts";
import { showProblem } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { lazyResolver } from "#components/ui/lazy-resolver.ts";
import { Notice } from "#components/ui/notice.tsx";
import * as contract from "#lib/contract/index.ts";
import { PASSWORD_MIN } from "#lib/contract/password-length.ts";
import type { passwordChangeSchema } from "#lib/contract/users.ts";

type Change = z.infer<typeof passwordChangeSchema>;
const FIELDS = ["current", "next"] as const;

export function PasswordForm({ onChanged }: { onChanged: () => void }) {
  const [outcome, setOutcome] = useState<{ variant: "good" | "bad"; text: string }>();
  const { register, handleSubmit, setError, reset, formState } = useForm<Change>({
    resolver: lazyResolver(() =>
      import("#components/auth/resolvers.ts").then(({ resolvers }) => resolvers.passwordChange),
    ),
  });
  const { errors, isSubmitting } = formState;

  const submit = handleSubmit(async (change) => {
    setOutcome(undefined);
    try {
      await call(contract.account.changePassword, { body: change });
      reset({ current: "", next: "" });
      setOutcome({ variant: "good", text: "Password changed. Your other sessions are signed out." });
      onChanged();
    } catch (error) {
      const text = showProblem(error, FIELDS, setError);
      if (text) setOutcome({ variant: "bad", text });
    }
  });

  return (
    <Card>
      <CardTitle>Password</CardTitle>
      <Form noValidate onSubmit={submit} className="space-y-4">
        {outcome && <Notice variant={outcome.variant} title={outcome.text} />}
        <Field
          label="Current password"
          type="password"
          autoComplete="current-password"
          error={errors.current?.message}
          {...register("current")}
        />
        <Field
          label="New password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${PASSWORD_MIN} characters, not one from a list of breached passwords`}
          error={errors.next?.message}
          {...register("next")}
        />
        <Button type="submit" disabled={isSubmitting}>
          {isSubmitting ? "Changing…" : "Change password"}
        </Button>
      </Form>
    </Card>
  );
}
