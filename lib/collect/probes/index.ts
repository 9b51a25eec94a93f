import { statfs } from "node:fs/promises";
import { certificateEnd } from "#lib/collect/probes/certificate.ts";
import { readContainerNames } from "#lib/collect/probes/containers.ts";
import { readTemperatures } from "#lib/collect/probes/temperatures.ts";
import { readUnits } from "#lib/collect/probes/units.ts";

/** Blocks and inodes of a file system, as statfs(2) has them. */
export type FileSystem = Record<"bsize" | "blocks" | "bfree" | "bavail" | "files" | "ffree", number>;

/** What may hang, by name: each takes a text. They run in the prober, a process of their own. */
export const PROBES = {
  /** `path` holds bytes as latin1: a mount need not be UTF-8. */
  async filesystem(path: string): Promise<FileSystem> {
    const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(Buffer.from(path, "latin1"));
    return { bsize, blocks, bfree, bavail, files, ffree };
  },
  temperatures: readTemperatures,
  certificate: certificateEnd,
  containers: readContainerNames,
  units: readUnits,
};

type Probes = typeof PROBES;
export type ProbeName = keyof Probes;
export type ProbeAnswer<N extends ProbeName> = Awaited<ReturnType<Probes[N]>>;
