import * as z from "zod";

/** What a browser may say: which series of which host it wants, and the instant of the last frame it has. */
export const clientMessageSchema = z.object({
  type: z.literal("subscribe"),
  host: z.int().positive(),
  series: z.array(z.int().positive()).max(2_000),
  since: z.number().nonnegative().optional(),
});

export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** As it goes over the wire. Times in ms since the epoch; values as they are shown (a counter as its rate per second), by series id. */
export type FrameMessage = {
  type: "frame";
  host: number;
  at: number;
  /** When the frame was committed; absent for one that is sent again after a reconnect. */
  stored_at?: number;
  values: [number, number | null][];
};

export type ServerMessage =
  | FrameMessage
  /** The subscription is in place and what was missed has been sent. */
  | { type: "subscribed"; host: number }
  /** History changed, or too much was missed to send again: read it anew. */
  | { type: "stale"; host: number }
  /** Alerts have changed: read them anew. Sent to every page, whatever it subscribed to. */
  | { type: "alerts" }
  | { type: "problem"; detail: string };
