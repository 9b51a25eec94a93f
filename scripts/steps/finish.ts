import { isDomainError } from "#lib/errors.ts";

/** Runs a script to its end: one clear line and a non-zero exit for what a reader can act on, the origin too for a fault. */
export function finish(main: () => Promise<void>): void {
  main().then(
    () => process.exit(0),
    (error: Error) => {
      console.error(`✖ ${isDomainError(error) ? error.message : (error.stack ?? error.message)}`);
      process.exit(1);
    },
  );
}
