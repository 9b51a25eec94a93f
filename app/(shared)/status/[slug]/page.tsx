import type { Metadata } from "next";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { StatusView } from "#components/alerts/status-view.tsx";
import { openStatusPage } from "#lib/alerts/status-pages.ts";
import { readStatus } from "#lib/alerts/status-report.ts";
import { database } from "#lib/db/client.ts";

export const metadata: Metadata = { title: "Status", robots: { index: false } };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ token?: string | string[] }> };

/** A status page: public, or for whoever has its signed address. */
export default async function StatusPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const token = [(await searchParams).token].flat()[0];
  const page = await orNotFound(openStatusPage(database(), slug, token));
  const status = await readStatus(database(), page, Date.now());
  return (
    <main className="mx-auto w-full max-w-3xl p-4">
      <StatusView status={status} slug={slug} token={token} />
    </main>
  );
}
