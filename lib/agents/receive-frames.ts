import { type AgentSettings, agentSettings } from "#lib/agents/agent-settings.ts";
import { VERSION } from "#lib/config/version.ts";
import type { MetricKind } from "#lib/contract/enums.ts";
import type { ProcessTop } from "#lib/contract/processes.ts";
import { type Database, database } from "#lib/db/client.ts";
import { durationText } from "#lib/format/duration.ts";
import type { AgentCaller } from "#lib/hosts/agents/credentials.ts";
import { type AgentReport, noteReport } from "#lib/hosts/agents/note-report.ts";
import { assertProtocol } from "#lib/hosts/agents/protocol.ts";
import type { Frame, Reading } from "#lib/metrics/frame.ts";
import { isReserved, RESERVED_REASON } from "#lib/metrics/reserved.ts";
import { storeProcesses } from "#lib/processes/store.ts";
import { recentSettings } from "#lib/settings/recent.ts";
import { DAY_MS, MINUTE_MS, YEAR_MS } from "#lib/time/durations.ts";
import { looksLikeSeconds } from "#lib/time/instant.ts";
import { FrameWriter, Registry, type UnstoredPart } from "#lib/tsdb/append.ts";

type Series = { metric: string; labels: Record<string, string>; unit?: string; kind?: MetricKind; help?: string };
type Shape = { source: { kind: string; name: string }; intervalMs: number; series: Series[] };
type SentFrame = { shape: number; at: number; values: (number | null)[]; processes?: unknown };

/** What an agent sends at once: each shape of frames is there once, and frames name it by its index. Times in ms. */
export type Batch = Omit<AgentReport, "address" | "refused" | "leftOut"> & {
  protocol: number;
  shapes: Shape[];
  frames: SentFrame[];
};

type Unstored = { frame: number; reason: string };
export type Receipt = {
  taken: number;
  refused: Unstored[];
  leftOut: Unstored[];
  now: number;
  settings: AgentSettings;
  rotate: boolean;
  agentVersion: string;
};

/** An answer names so many of the parts that were left out. */
const MAX_LEFT_OUT = 100;
/** How far ahead of the portal's clock a frame may be: agents correct theirs by what they are answered. */
const AHEAD_MS = 5 * MINUTE_MS;

const shared = globalThis as typeof globalThis & { sightlineFrameWriter?: FrameWriter };

/** The process's one writer, which remembers the shapes of all hosts. */
function frameWriter(): FrameWriter {
  shared.sightlineFrameWriter ??= new FrameWriter(database(), new Registry(database()));
  return shared.sightlineFrameWriter;
}

const distance = (ms: number): string => (ms > YEAR_MS ? "more than a year" : durationText(ms));

const hintAt = (at: number): string =>
  looksLikeSeconds(at) ? ": times are milliseconds since 1970, and these look like seconds" : "";

/** A frame of a batch; a text that says why it is none. */
function readFrame(
  { shape, at, values, processes }: SentFrame,
  shapes: Shape[],
  limits: { earliest: number; latest: number },
) {
  const form = shapes[shape];
  if (!form) return `there is no shape ${shape} in the request`;
  if (form.series.length !== values.length) return `it has ${values.length} values for ${form.series.length} series`;
  const reserved = form.series.find(({ metric }) => isReserved(metric));
  if (reserved) return `it holds ${reserved.metric}: ${RESERVED_REASON}`;
  if (at > limits.latest)
    return `it is ${distance(at - limits.latest + AHEAD_MS)} ahead of the portal's clock: set the clock of the host`;
  if (at < limits.earliest) return `it is older than samples are kept${hintAt(at)}`;
  const readings = form.series.map(({ metric, labels, unit, kind, help }, n) => ({
    ...{ metric, labels, value: values[n] as number | null },
    ...(unit === undefined ? {} : { unit }),
    ...(kind === undefined ? {} : { kind }),
    ...(help === undefined ? {} : { help }),
  }));
  const { source, intervalMs } = form;
  const top = processes === undefined ? {} : { processes: processes as ProcessTop };
  return { source, intervalMs, at, readings: readings as Reading[], ...top } satisfies Frame;
}

/** Of an agent that has not heard yet that command lines are turned off. */
function withoutCommands(frame: Frame): Frame {
  const { groups } = frame.processes ?? {};
  if (!frame.processes || !Array.isArray(groups)) return frame;
  return { ...frame, processes: { ...frame.processes, groups: groups.map((group) => ({ ...group, command: "" })) } };
}

/**
 * Stores what an agent sends of its host. A frame that cannot be stored stops no other, and is answered with the reason, and so is a part of
 * one that is left out; one that is stored already is left as it is.
 * @throws DomainError upgrade-required, and what the database says where the batch may be sent again
 */
export async function receiveFrames(
  db: Database,
  { hostId, rotationDue }: AgentCaller,
  batch: Batch,
  { address, now = Date.now() }: { address: string; now?: number },
): Promise<Receipt> {
  assertProtocol(batch.protocol);
  const { retention_raw_days, collect_command_lines } = await recentSettings(db);
  const limits = { earliest: now - retention_raw_days * DAY_MS, latest: now + AHEAD_MS };
  const refused: Unstored[] = [];
  const leftOut: Unstored[] = [];
  const frames: { index: number; frame: Frame }[] = [];
  for (const [index, sent] of batch.frames.entries()) {
    const frame = readFrame(sent, batch.shapes, limits);
    if (typeof frame === "string") refused.push({ frame: index, reason: frame });
    else frames.push({ index, frame });
  }
  const toSent = ({ index, reason }: UnstoredPart): Unstored => ({ frame: frames[index]?.index ?? index, reason });
  const unstored = await frameWriter().appendEach(
    hostId,
    frames.map(({ frame }) => frame),
  );
  refused.push(...unstored.refused.map(toSent));
  leftOut.push(...unstored.leftOut.map(toSent));
  const unstoredAt = new Set(unstored.refused.map(({ index }) => index));
  const stored = frames
    .filter((_, index) => !unstoredAt.has(index))
    .map(({ frame, index }) => ({ ...(collect_command_lines ? frame : withoutCommands(frame)), index }));
  await storeProcesses(db, hostId, stored, ({ index }, reason) => leftOut.push({ frame: index, reason }));
  await noteReport(db, hostId, { ...batch, refused, leftOut, address }, now);
  return {
    taken: batch.frames.length - refused.length,
    refused,
    leftOut: leftOut.slice(0, MAX_LEFT_OUT),
    now,
    settings: await agentSettings(db, hostId),
    rotate: rotationDue,
    agentVersion: VERSION,
  };
}
