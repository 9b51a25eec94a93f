import { zodResolver } from "@hookform/resolvers/zod";
import { settingsSchema } from "#lib/contract/settings.ts";

/** What checks the settings, apart from their page: see lazyResolver. */
export const settingsResolver = zodResolver(settingsSchema);
