"use client";

import { useEffect } from "react";

/** Has the session cookie rotated while a page is open. A session that has ended leads to the sign-in. */
export function KeepSession({ everyMs }: { everyMs: number }) {
  useEffect(() => {
    const timer = setInterval(async () => {
      const response = await fetch("/api/auth/session").catch(() => undefined);
      if (!response?.ok) return; // Away for now is not signed out.
      const session = (await response.json()) as { expires?: string };
      if (!session.expires || new Date(session.expires).getTime() < Date.now()) window.location.reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return null;
}
