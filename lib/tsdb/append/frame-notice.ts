/** NOTIFY channel: that frames were stored, or completed; the payload is a FrameNotice. */
export const FRAME_CHANNEL = "sightline_frame";

/** What listeners get after frames of a source are committed: the instants of the first and the last of them; times in ms since the epoch. */
export type FrameNotice = { host: number; source: number; from: number; at: number; storedAt: number };

/** SQL that notifies of frames at commit, where rows of host_id, source_id and at are grouped by the first two. */
export const NOTIFY_FRAMES = `pg_notify('${FRAME_CHANNEL}', json_build_object(
  'host', host_id, 'source', source_id, 'from', (extract(epoch FROM min(at)) * 1000)::float8,
  'at', (extract(epoch FROM max(at)) * 1000)::float8, 'storedAt', round(extract(epoch FROM clock_timestamp()) * 1000, 1))::text)`;
