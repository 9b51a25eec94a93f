import type { Metadata } from "next";
import { hostParam, idParam, NO_ID } from "#app/_access/host-param.ts";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { PostMortemPage } from "#components/incidents/post-mortem-page.tsx";
import { may } from "#lib/contract/permissions.ts";
import { database } from "#lib/db/client.ts";
import { findHost } from "#lib/hosts/hosts.ts";
import { readPostMortem } from "#lib/incidents/post-mortems.ts";

export const metadata: Metadata = { title: "Post-mortem" };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ host?: string }> };

export default async function OnePostMortemPage({ params, searchParams }: Props) {
  const { user } = await permitPage("anomalies:read");
  const id = idParam((await params).id) ?? NO_ID;
  const { id: host } = await orNotFound(findHost(database(), hostParam(await searchParams)));
  const postMortem = await orNotFound(readPostMortem(database(), host, id, Date.now()));
  return <PostMortemPage initial={postMortem} mayWrite={may(user.role, "anomalies:decide")} />;
}
