import { z } from "zod";
import { setupSchema } from "#lib/access/schemas.ts";
import { endpoint } from "#lib/contract/endpoint.ts";
import { instant } from "#lib/contract/shared.ts";
import { settingsPatchSchema, settingsSchema } from "#lib/settings/schema.ts";

export const healthEndpoint = endpoint({
  method: "get",
  path: "/health",
  tag: "System",
  summary: "Is the portal well? 503 with a reason when the database is away or no sample came for three intervals",
  permission: "public",
  response: z.object({
    status: z.enum(["ok", "unavailable"]),
    version: z.string(),
    lastSampleAt: instant.nullable(),
    reason: z.string().optional(),
  }),
});

export const openapiEndpoint = endpoint({
  method: "get",
  path: "/openapi.json",
  tag: "System",
  summary: "This description",
  permission: "public",
  response: z.looseObject({ openapi: z.string() }),
});

export const setupEndpoint = endpoint({
  method: "post",
  path: "/setup",
  tag: "System",
  summary: "Makes the first administrator, guarded by the token that the terminal shows",
  permission: "public",
  body: setupSchema,
  response: z.object({ id: z.string(), email: z.string(), name: z.string(), role: z.string() }),
  status: 201,
});

export const readSettingsEndpoint = endpoint({
  method: "get",
  path: "/settings",
  tag: "Settings",
  summary: "All settings",
  permission: "settings:read",
  response: settingsSchema,
});

export const writeSettingsEndpoint = endpoint({
  method: "patch",
  path: "/settings",
  tag: "Settings",
  summary: "Changes some settings; takes effect at once",
  permission: "settings:write",
  body: settingsPatchSchema,
  response: settingsSchema,
});

export const storageEndpoint = endpoint({
  method: "get",
  path: "/storage",
  tag: "Settings",
  summary: "What is stored, what it takes, how it grows, and what the next retention run would remove",
  permission: "settings:read",
  response: z.object({
    resolutions: z.array(
      z.object({
        resolution: z.enum(["frames", "raw", "minute", "hour"]),
        rows: z.number(),
        bytes: z.number(),
        from: instant.nullable(),
      }),
    ),
    databaseBytes: z.number(),
    growthBytesPerDay: z.number().nullable(),
    bytesPerSample: z.number().nullable(),
    retention: z.array(
      z.object({
        resolution: z.enum(["raw", "minute", "hour"]),
        before: z.number(),
        chunks: z.number(),
        bytes: z.number(),
      }),
    ),
  }),
});
