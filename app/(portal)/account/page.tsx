import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { Account } from "#components/account/account.tsx";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const { user } = await permitPage("account:manage");
  return <Account user={user} />;
}
