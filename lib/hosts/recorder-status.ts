import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const schema = z.object({
  /** Into the database; onto the disk; only into memory; or another portal stores this host's samples. */
  state: z.enum(["storing", "spooling", "memory", "standby"]),
  diskFull: z.boolean(),
  /** Frames that were lost since the recorder began. */
  lost: z.number(),
  /** Room on the disk where there is little of it, bytes. */
  lowBytes: z.number().nullable(),
});

/** How the recorder of this portal fares, for the other processes. */
export type RecorderReport = z.infer<typeof schema>;

const pathIn = (dataDir: string) => join(dataDir, "recorder-status.json");
/** The file has one size, so that a full disk has room for what changes in it. */
const BYTES = 512;

/** @throws what the file system says */
export function writeRecorderReport(dataDir: string, report: RecorderReport): void {
  const fd = openSync(pathIn(dataDir), constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    writeSync(fd, JSON.stringify(report).padEnd(BYTES), 0);
  } finally {
    closeSync(fd);
  }
}

/** Undefined before the recorder of this folder has said anything. */
export function readRecorderReport(dataDir: string): RecorderReport | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(pathIn(dataDir), "utf8"))).data;
  } catch {
    return undefined;
  }
}

const MIB = 1024 ** 2;

/** What is worth a word: each sentence says what is the matter and what to do. */
function warningsOf({ state, diskFull, lost, lowBytes }: RecorderReport): string[] {
  const disk = diskFull ? "The disk is full" : "The disk takes no samples";
  const memory = `${disk}, and neither does the database: the newest 1,000 wait in memory${lost > 0 ? `, ${lost} are lost` : ""}. Make room on the disk of DATA_DIR`;
  const standby = "Another portal's recorder stores the samples of this host: this portal's stands by";
  return [
    ...(state === "memory" ? [memory] : []),
    ...(state === "spooling" ? ["The database takes no samples: they wait on the disk"] : []),
    ...(state === "standby" ? [standby] : []),
    ...(lowBytes === null
      ? []
      : [`Only ${Math.round(lowBytes / MIB)} MiB are left on the disk of DATA_DIR: make room`]),
  ];
}

/** Health with what this portal's recorder says of itself; where samples are in danger that comes first. */
export function withRecorder<T extends { status: string; reason?: string }>(
  health: T,
  report: RecorderReport | undefined,
): T & { warnings?: string[] } {
  const warnings = report ? warningsOf(report) : [];
  if (warnings.length === 0) return health;
  if (health.status === "ok" || report?.state !== "memory") return { ...health, warnings };
  return { ...health, reason: [warnings[0], health.reason].join(". "), warnings };
}
