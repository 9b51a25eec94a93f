import { statfs } from "node:fs/promises";

/** Blocks and inodes of a file system, as statfs(2) has them. */
export type FileSystem = Record<"bsize" | "blocks" | "bfree" | "bavail" | "files" | "ffree", number>;

/** `path` holds bytes as latin1: a mount need not be UTF-8. */
export async function readFileSystem(path: string): Promise<FileSystem> {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(Buffer.from(path, "latin1"));
  return { bsize, blocks, bfree, bavail, files, ffree };
}
