"use client";

import { signIn } from "next-auth/react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import type { z } from "zod";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { lazyResolver } from "#components/ui/lazy-resolver.ts";
import { Notice } from "#components/ui/notice.tsx";
import type { signInSchema } from "#lib/contract/users.ts";
import { waitText } from "#lib/format/wait.ts";

/** The refusal that the server sent as "kind:seconds". */
function refusal(code: string): string {
  const [kind, seconds = "0"] = code.split(":");
  if (kind === "locked") return `Too many wrong passwords for this account: wait ${waitText(Number(seconds))}`;
  if (kind === "rate-limited") return `Too many tries from your address: wait ${waitText(Number(seconds))}`;
  if (kind === "unauthenticated") return "The email address or the password is wrong";
  return "Sightline cannot check passwords now: its database does not answer. Try again in a moment";
}

export function LoginForm({ next }: { next: string }) {
  const [problem, setProblem] = useState<string>();
  const { register, handleSubmit, formState } = useForm<z.infer<typeof signInSchema>>({
    resolver: lazyResolver(() => import("#components/auth/resolvers.ts").then(({ resolvers }) => resolvers.signIn)),
  });
  const { errors, isSubmitting } = formState;

  const submit = handleSubmit(async (credentials) => {
    setProblem(undefined);
    const result = await signIn("credentials", { ...credentials, redirect: false }).catch(() => undefined);
    if (result?.ok) window.location.assign(next);
    else setProblem(refusal(result?.error ?? "unavailable"));
  });

  return (
    <Card className="p-6">
      <h1 className="mb-5 font-semibold text-lg tracking-tight">Sign in</h1>
      <Form noValidate className="space-y-4" onSubmit={submit}>
        {problem && <Notice variant="bad" title={problem} />}
        <Field
          label="Email address"
          type="email"
          autoComplete="username"
          autoFocus
          error={errors.email?.message}
          {...register("email")}
        />
        <Field
          label="Password"
          type="password"
          autoComplete="current-password"
          error={errors.password?.message}
          {...register("password")}
        />
        <Button variant="primary" type="submit" className="w-full" disabled={isSubmitting}>
          {isSubmitting ? "Signing in…" : "Sign in"}
        </Button>
      </Form>
    </Card>
  );
}
