import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { log, reasonOf } from "#lib/log.ts";

// The head of the trail, noted outside of the database after each event: a tail that was cut off there, or a trail that was replaced, is found by it.

/** The newest event at some time, with its hash. */
export type Anchor = { id: number; hash: string };

/** Only this much of the file is read: the newest notes. */
const READ_BYTES = 1024 * 1024;

/** The file in the data folder; undefined for a process that has none, such as a test. */
const anchorFile = (): string | undefined =>
  process.env.DATA_DIR ? join(process.env.DATA_DIR, "audit-anchors") : undefined;

/** Notes the head of the trail on the disk. Where that fails the event is stored all the same, and the log says so. */
export function noteAnchor(anchor: Anchor, file = anchorFile()): void {
  if (!file) return;
  try {
    const fd = openSync(file, "a", 0o600);
    try {
      writeSync(fd, `${JSON.stringify(anchor)}\n`);
      fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    log.error(
      { reason: reasonOf(error), ...anchor },
      "the head of the audit trail could not be noted outside of the database",
    );
  }
}

/** The newest notes, oldest first. A line that a kill cut off is none. */
export function readAnchors(file = anchorFile()): Anchor[] {
  if (!file) return [];
  let text: string;
  try {
    text = readFileSync(file, "utf8").slice(-READ_BYTES);
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line): Anchor[] => {
    try {
      const { id, hash } = JSON.parse(line) as Anchor;
      return Number.isInteger(id) && typeof hash === "string" ? [{ id, hash }] : [];
    } catch {
      return [];
    }
  });
}
