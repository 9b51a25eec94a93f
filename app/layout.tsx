import "./globals.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { readerOf } from "#app/_access/reader.ts";
import { Providers } from "#components/layout/providers.tsx";
import { timeStyle } from "#lib/format/date-time.ts";

export const metadata: Metadata = {
  title: { default: "Sightline", template: "%s · Sightline" },
  manifest: "/manifest.webmanifest",
  description: "What your machines, databases and applications do, now and before",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f8f9fb" },
    { media: "(prefers-color-scheme: dark)", color: "#11151c" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Also makes every page anew for each request: what is made once has no nonce.
  const head = await headers();
  const { zone, languages } = readerOf(head);
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <body>
        <Providers nonce={head.get("x-nonce") ?? undefined} timeStyle={timeStyle(zone, languages)}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
