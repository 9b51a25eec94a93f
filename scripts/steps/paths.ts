import { join } from "node:path";

/** The project's own folder. */
export const ROOT = join(import.meta.dirname, "..", "..");

export const PRISMA_DIR = join(ROOT, "prisma");

/** A file of a package. */
export const packageFile = (path: string): string => join(ROOT, "node_modules", path);
