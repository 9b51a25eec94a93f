import { existsSync } from "node:fs";
import { mustRun } from "./command.ts";

/** Installs packages of Debian's where this is one and we may; answers whether it did. */
export async function installPackages(what: string, packages: string[]): Promise<boolean> {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.error(`… Installing Debian's ${what}`);
  await mustRun("apt-get update", "apt-get", ["update"]);
  const args = ["install", "-y", "--no-install-recommends", ...packages];
  await mustRun(`apt-get install ${packages.join(" ")}`, "apt-get", args, { DEBIAN_FRONTEND: "noninteractive" });
  return true;
}
