import type { Metadata } from "next";
import { orNotFound } from "#app/_access/or-not-found.ts";
import { permitPage } from "#app/_access/page.ts";
import { Guide } from "#components/help/guide.tsx";
import { readGuide } from "#lib/help/guides.ts";

type Props = { params: Promise<{ guide: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const guide = await readGuide((await params).guide).catch(() => undefined);
  return { title: guide?.title ?? "Help" };
}

export default async function GuidePage({ params }: Props) {
  await permitPage("help:read");
  const { title, text } = await orNotFound(readGuide((await params).guide));
  return <Guide title={title} text={text} />;
}
