import { useEffect, useRef, useState } from "react";
import { AcknowledgeDialog } from "#components/alerts/attend.tsx";
import type { Alert } from "#components/alerts/queries.ts";
import { isAcknowledged } from "#lib/alerts/is-acknowledged.ts";

/** What became of an alert while its dialog is open. */
function meanwhileOf(alert: Alert, firing: Alert[]): string | undefined {
  const now = firing.find(({ id, hostId }) => id === alert.id && hostId === alert.hostId);
  if (!now) return "It fires no longer";
  return isAcknowledged(now, Date.now())
    ? `${now.acknowledgedBy ?? "Somebody"} has acknowledged it meanwhile`
    : undefined;
}

/**
 * The dialog by which an alert of a list is acknowledged, held by the list: it outlives its row. `title` is what has the focus after it, since the
 * button that had it is gone.
 */
export function useAttending(firing: Alert[]) {
  const [chosen, choose] = useState<Alert>();
  const [title, wasDone] = [useRef<HTMLDivElement>(null), useRef(false)];
  const close = () => choose(undefined);
  const finish = () => {
    close();
    wasDone.current = true;
  };
  useEffect(() => {
    if (!wasDone.current || document.activeElement !== document.body) return;
    wasDone.current = false;
    title.current?.focus({ preventScroll: true });
  });
  const dialog = chosen && (
    <AcknowledgeDialog alert={chosen} meanwhile={meanwhileOf(chosen, firing)} onClose={close} onDone={finish} />
  );
  return { title, choose, dialog };
}
