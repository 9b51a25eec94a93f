import type { Metadata } from "next";
import { JoinForm } from "#components/auth/join-form.tsx";

export const metadata: Metadata = { title: "Choose a password" };

export default function JoinPage() {
  return <JoinForm />;
}
