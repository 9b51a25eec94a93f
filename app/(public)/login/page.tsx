import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentSession } from "#app/_access/page.ts";
import { LoginForm } from "#components/auth/login-form.tsx";
import { safePath } from "#lib/access/safe-path.ts";
import { needsSetup } from "#lib/access/setup.ts";
import { database } from "#lib/db/client.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function LoginPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const next = safePath((await searchParams).next);
  if (await needsSetup(database())) redirect("/setup");
  if (await currentSession()) redirect(next);
  return <LoginForm next={next} />;
}
