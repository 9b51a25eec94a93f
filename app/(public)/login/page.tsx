import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentSession } from "#app/_access/page.ts";
import { LoginForm } from "#components/auth/login-form.tsx";
import { needsSetup } from "#lib/access/setup.ts";
import { database } from "#lib/db/client.ts";

export const metadata: Metadata = { title: "Sign in" };

/** Only a path of our own: anything else would lead the reader to another site after signing in. */
function ownPath(next: string | undefined): string {
  return next?.startsWith("/") && !next.startsWith("//") && !next.includes("\\") ? next : "/overview";
}

export default async function LoginPage({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const next = ownPath((await searchParams).next);
  if (await needsSetup(database())) redirect("/setup");
  if (await currentSession()) redirect(next);
  return <LoginForm next={next} />;
}
