import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { Help } from "#components/help/help.tsx";
import { GUIDES, type GuideName, readGuide } from "#lib/help/guides.ts";

export const metadata: Metadata = { title: "Help" };

export default async function HelpPage() {
  await permitPage("help:read");
  const names = Object.keys(GUIDES) as GuideName[];
  const guides = await Promise.all(
    names.map(async (name) => ({ name, title: (await readGuide(name)).title, about: GUIDES[name] })),
  );
  return <Help guides={guides} />;
}
