import { tmpdir } from "node:os";
import { join } from "node:path";

/** The environment of a program that a test starts a hundred times: what Node compiles of it is kept for the next start. */
export const quickStart = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_COMPILE_CACHE: join(tmpdir(), "sightline-compile-cache"),
});
