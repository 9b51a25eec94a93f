import type { Metadata } from "next";
import { OptOut } from "#components/reports/opt-out.tsx";

export const metadata: Metadata = { title: "Unsubscribe" };

export default async function UnsubscribePage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token = "" } = await searchParams;
  return <OptOut token={[token].flat()[0] ?? ""} />;
}
