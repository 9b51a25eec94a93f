"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";

const REFRESH_MS = 2_000;

/** Before the first sample: refreshes by itself. */
export function NoHost({ title = "Overview" }: { title?: string }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <>
      <PageTitle>{title}</PageTitle>
      <Notice title="No host has sent a sample yet">
        The recorder sends the first within seconds of its start. If nothing comes, see its log in the terminal. This
        page refreshes by itself.
      </Notice>
    </>
  );
}
