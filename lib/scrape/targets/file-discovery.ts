import { glob, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import * as z from "zod";
import { reasonOf } from "#lib/log.ts";
import { targetGroup } from "#lib/scrape/config/schema.ts";
import { readYaml } from "#lib/scrape/config/yaml.ts";
import type { TargetGroup } from "#lib/scrape/targets/target.ts";

const MAX_BYTES = 1024 * 1024;
const MAX_FILES = 100;
const groups = z.array(targetGroup, "Write a list of groups, each with targets").max(1_000);

type TargetFile = { version: string; groups: TargetGroup[]; problem: string | undefined };

/** Reads target files below a folder, each again once it has changed. One that is broken keeps the targets that it had. */
export class FileDiscovery {
  readonly #folder: string;
  #files = new Map<string, TargetFile>();

  /** `folder` is where all patterns begin, and what no link leads out of. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The groups of all files that patterns name, and what is wrong with some. */
  async read(patterns: string[]): Promise<{ groups: TargetGroup[]; problems: string[] }> {
    const files = new Map<string, TargetFile>();
    const problems: string[] = [];
    for (const pattern of patterns) {
      const paths = await this.#find(pattern).catch(() => []);
      if (paths.length === 0) problems.push(`sd/${pattern}: there is no such file in the portal's DATA_DIR`);
      for (const path of paths.sort().slice(0, MAX_FILES)) files.set(path, await this.#readFile(path));
    }
    this.#files = files;
    for (const [path, { problem }] of files) if (problem) problems.push(`sd/${path}: ${problem}`);
    return { groups: [...files.values()].flatMap((file) => file.groups), problems };
  }

  async #find(pattern: string): Promise<string[]> {
    const paths: string[] = [];
    for await (const path of glob(pattern, { cwd: this.#folder })) paths.push(path);
    return paths;
  }

  async #readFile(path: string): Promise<TargetFile> {
    const before = this.#files.get(path);
    let version = "";
    try {
      const root = await realpath(this.#folder);
      const file = await realpath(join(root, path));
      if (!file.startsWith(root + sep)) throw new Error("it leads out of the folder sd");
      const { mtimeMs, size, ino } = await stat(file);
      version = `${mtimeMs} ${size} ${ino}`;
      if (before?.version === version) return before;
      if (size > MAX_BYTES) throw new Error("it is over 1 MiB");
      return { version, groups: readGroups(await readFile(file, "utf8"), path), problem: undefined };
    } catch (error) {
      // Not read again until it changes.
      return { version, groups: before?.groups ?? [], problem: reasonOf(error) };
    }
  }
}

/** @throws Error in words */
function readGroups(text: string, path: string): TargetGroup[] {
  if (text.trim() === "") throw new Error("it is empty: write a list of groups, each with targets");
  const { document, lineOf } = readYaml(text);
  const result = groups.safeParse(document.toJS());
  if (!result.success) {
    const [{ path: field = [], message = "" } = {}] = result.error.issues;
    const name = field.length > 0 ? `${field.join(".")}: ` : "";
    throw new Error(`line ${lineOf(field)}: ${name}${message}`);
  }
  return result.data.map(({ targets, labels = {} }) => ({ targets, labels: { ...labels, __meta_filepath: path } }));
}
