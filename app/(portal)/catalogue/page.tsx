import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { Catalogue } from "#components/catalogue/catalogue.tsx";

export const metadata: Metadata = { title: "Catalogue" };

export default async function CataloguePage() {
  await permitPage("metrics:read");
  return <Catalogue />;
}
