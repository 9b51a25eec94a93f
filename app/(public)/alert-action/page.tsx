import type { Metadata } from "next";
import { AlertLink } from "#components/alerts/alert-link.tsx";

export const metadata: Metadata = { title: "Alert" };

export default async function AlertActionPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token = "" } = await searchParams;
  return <AlertLink token={[token].flat()[0] ?? ""} />;
}
