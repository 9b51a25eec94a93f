import type { AnomalyStatus } from "#lib/contract/enums.ts";

/** What a person has decided on an anomaly, and when it ended: null while it goes on. */
type Decided = { status: AnomalyStatus; endedAt: Date | null };

/** The statuses of what goes on and nobody has dismissed. */
export const ONGOING: AnomalyStatus[] = ["open", "acknowledged"];

/** Open and acknowledged are what goes on: what has ended is resolved by itself. */
export const shownStatus = ({ status, endedAt }: Decided): AnomalyStatus =>
  endedAt !== null && ONGOING.includes(status) ? "resolved" : status;

/** Whether anybody has decided on it. What resolved itself may never have been seen. */
export const isReviewed = ({ status }: Pick<Decided, "status">): boolean => status !== "open";

/** The anomalies that are shown with some statuses, for a query. */
export function havingStatus(statuses: AnomalyStatus[]) {
  const running = statuses.filter((status) => ONGOING.includes(status));
  const decided = statuses.filter((status) => status === "resolved" || status === "false_alarm");
  return {
    OR: [
      { status: { in: decided } },
      { status: { in: running }, endedAt: null },
      ...(statuses.includes("resolved") ? [{ status: { in: ONGOING }, NOT: { endedAt: null } }] : []),
    ],
  };
}
