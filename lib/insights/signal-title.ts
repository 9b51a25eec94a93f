import type { SignalKind } from "#lib/contract/enums.ts";

const TITLES: Record<SignalKind, (subject: string) => string> = {
  disk: (mount) => `File system ${mount} is filling up`,
  inodes: (mount) => `File system ${mount} is running out of inodes`,
  memory_leak: () => "Memory usage keeps growing",
  temperature: (sensor) => `Temperature of ${sensor} is too high or rising`,
  wraparound: () => "PostgreSQL is running out of transaction IDs",
  certificate: (name) => `Certificate of ${name} expires`,
};

/** What a signal of maintenance says, on pages, in reports and exports. */
export const signalTitle = ({ kind, subject }: { kind: SignalKind; subject: string }): string => TITLES[kind](subject);
