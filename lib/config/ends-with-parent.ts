import { accessSync, constants } from "node:fs";

/** setpriv of util-linux, which Debian always has; undefined on other systems. */
export const SETPRIV: string | undefined = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/**
 * The command that runs a program which the kernel sends a signal when the process that started it has ended, however it ended: a program that
 * holds no channel to its parent would not notice (prctl(2), PR_SET_PDEATHSIG). As it is where there is no setpriv. `options` are setpriv's.
 */
export function endsWithParent(
  signal: "INT" | "TERM",
  command: string,
  args: string[],
  options: string[] = [],
): [string, string[]] {
  if (!SETPRIV) return [command, args];
  return [SETPRIV, [...options, `--pdeathsig=${signal}`, "--", command, ...args]];
}
