import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { StorageView } from "#components/settings/storage-figures.tsx";

export const metadata: Metadata = { title: "Storage" };

export default async function StoragePage() {
  await permitPage("settings:read");
  return <StorageView />;
}
