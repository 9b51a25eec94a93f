import type { Metadata } from "next";
import { StatusSubscription } from "#components/alerts/status-subscription.tsx";

export const metadata: Metadata = { title: "Subscription" };

type Props = { searchParams: Promise<{ token?: string | string[]; act?: string | string[] }> };

export default async function StatusSubscriptionPage({ searchParams }: Props) {
  const { token = "", act = "" } = await searchParams;
  const isEnd = [act].flat()[0] === "unsubscribe";
  return <StatusSubscription token={[token].flat()[0] ?? ""} act={isEnd ? "unsubscribe" : "confirm"} />;
}
