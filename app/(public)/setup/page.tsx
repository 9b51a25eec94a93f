import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SetupForm } from "#components/auth/setup-form.tsx";
import { needsSetup } from "#lib/access/setup.ts";
import { database } from "#lib/db/client.ts";

export const metadata: Metadata = { title: "Set up" };
export const dynamic = "force-dynamic";

export default async function SetupPage() {
  if (!(await needsSetup(database()))) redirect("/login");
  return <SetupForm />;
}
