import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  images: { unoptimized: true },
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
  experimental: {
    authInterrupts: true,
    // Every page at the start would take memory for pages that nobody opens.
    preloadEntriesOnStart: false,
    // Nothing reads them, and they took a third of the build.
    turbopackSourceMaps: false,
    // The next build is faster by it, where this is developed.
    turbopackFileSystemCacheForBuild: process.env.SIGHTLINE_FULL === "true",
  },
};

export default config;
