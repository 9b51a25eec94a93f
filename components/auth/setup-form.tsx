"use client";

import { signIn } from "next-auth/react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import type { z } from "zod";
import { call } from "#components/layout/api.ts";
import { showProblem } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { lazyResolver } from "#components/ui/lazy-resolver.ts";
import { Notice } from "#components/ui/notice.tsx";
import * as contract from "#lib/contract/index.ts";
import { PASSWORD_MIN } from "#lib/contract/password-length.ts";
import { FIRST_PAGE } from "#lib/contract/roots.ts";
import type { setupSchema } from "#lib/contract/users.ts";

type Setup = z.infer<typeof setupSchema>;
const FIELDS = ["token", "name", "email", "password"] as const;

export function SetupForm() {
  const [problem, setProblem] = useState<string>();
  const { register, handleSubmit, setError, formState } = useForm<Setup>({
    resolver: lazyResolver(() => import("#components/auth/resolvers.ts").then(({ resolvers }) => resolvers.setup)),
  });
  const { errors, isSubmitting } = formState;

  const submit = handleSubmit(async (setup) => {
    setProblem(undefined);
    try {
      await call(contract.system.setup, { body: setup });
      const { email, password } = setup;
      await signIn("credentials", { email, password, redirect: false });
      window.location.assign(FIRST_PAGE);
    } catch (error) {
      setProblem(showProblem(error, FIELDS, setError));
    }
  });

  return (
    <Card className="p-6">
      <h1 className="mb-1 font-semibold text-lg tracking-tight">Set up Sightline</h1>
      <p className="mb-5 text-muted">Create the first administrator. There is no default password.</p>
      <Form noValidate className="space-y-4" onSubmit={submit}>
        {problem && <Notice variant="bad" title={problem} />}
        <Field
          label="Set-up token"
          autoComplete="one-time-code"
          spellCheck={false}
          autoFocus
          hint="The terminal that runs Sightline shows it"
          error={errors.token?.message}
          {...register("token")}
        />
        <Field label="Your name" autoComplete="name" error={errors.name?.message} {...register("name")} />
        <Field
          label="Email address"
          type="email"
          autoComplete="username"
          error={errors.email?.message}
          {...register("email")}
        />
        <Field
          label="Password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${PASSWORD_MIN} characters, not one from a list of breached passwords`}
          error={errors.password?.message}
          {...register("password")}
        />
        <Button variant="primary" type="submit" className="w-full" disabled={isSubmitting}>
          {isSubmitting ? "Setting up…" : "Create administrator"}
        </Button>
      </Form>
    </Card>
  );
}
