"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { ApiError } from "#components/layout/api.ts";
import { TimeFormatProvider } from "#components/ui/time-format.tsx";
import type { TimeStyle } from "#lib/format/date-time.ts";

/** A refusal stays one however often it is asked; only what may pass is tried again. */
const retry = (count: number, error: Error) => count < 3 && !(error instanceof ApiError && error.problem.status < 500);

type Props = { nonce: string | undefined; timeStyle: TimeStyle; children: ReactNode };

/** What all pages share; `nonce` is the one by which this page's scripts may run. */
export function Providers({ nonce, timeStyle, children }: Props) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry, refetchOnWindowFocus: false } } }),
  );
  return (
    <ThemeProvider nonce={nonce ?? ""} attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
      <QueryClientProvider client={client}>
        <NuqsAdapter>
          <TimeFormatProvider style={timeStyle}>{children}</TimeFormatProvider>
        </NuqsAdapter>
      </QueryClientProvider>
    </ThemeProvider>
  );
}
