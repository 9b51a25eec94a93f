"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";

const LOOK_AGAIN_MS = 2_000;

/** Before the first sample: looks again by itself. */
export function NoHost({ title = "Overview" }: { title?: string }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <>
      <PageTitle>{title}</PageTitle>
      <Notice title="No host has sent a sample yet">
        The worker sends the first within seconds of its start. If nothing comes, its log in the terminal says why. This
        page looks again by itself.
      </Notice>
    </>
  );
}
