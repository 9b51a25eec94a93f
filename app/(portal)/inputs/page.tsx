import type { Metadata } from "next";
import { permitPage } from "#app/_access/page.ts";
import { HookList } from "#components/events/hook-list.tsx";
import { InputList } from "#components/inputs/input-list.tsx";
import { may } from "#lib/contract/permissions.ts";

export const metadata: Metadata = { title: "Inputs" };

export default async function InputsPage() {
  const { user } = await permitPage("inputs:read");
  return (
    <>
      <InputList mayWrite={may(user.role, "inputs:write")} />
      {may(user.role, "annotations:hooks") && <HookList />}
    </>
  );
}
