import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` checks types with TypeScript 7, whose compiler Next cannot call.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    "@node-rs/argon2",
    "@prisma/adapter-pg",
    "@prisma/client",
    "@resvg/resvg-js",
    "pg",
    "pino",
    "playwright",
    "rate-limiter-flexible",
  ],
  // Every page at the start would take memory for pages that nobody opens.
  experimental: { authInterrupts: true, preloadEntriesOnStart: false },
};

export default config;
