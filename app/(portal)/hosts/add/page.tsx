import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { AddHost } from "#components/hosts/add-host.tsx";

export const metadata: Metadata = { title: "Add host" };

export default async function AddHostPage() {
  await permitPage("hosts:manage");
  return <AddHost />;
}
