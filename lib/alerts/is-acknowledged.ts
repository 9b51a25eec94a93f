type Acknowledgement = { acknowledgedAt: Date | null; acknowledgedUntil: Date | null };

/** Whether somebody works on an alert at `now` (ms): until the acknowledgement expires. */
export const isAcknowledged = ({ acknowledgedAt, acknowledgedUntil }: Acknowledgement, now: number): boolean =>
  acknowledgedAt !== null && (acknowledgedUntil === null || acknowledgedUntil.getTime() > now);
