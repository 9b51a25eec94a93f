import { firingSources } from "#lib/alerts/inhibitions.ts";
import { activeSilences, matchedLabels } from "#lib/alerts/silences.ts";
import type { Connection } from "#lib/db/client.ts";
import type { Alert } from "#lib/db/generated/client.ts";
import { instantInText } from "#lib/format/date-time.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

/** What is held back by another alert is looked at again after so long (ms). */
const LOOK_AGAIN_MS = 15 * SECOND_MS;

/** Why a notification waits, and until when (ms). */
export type Hold = { until: number; held: string; silenceId: number | null };

/** What holds back notifications at `now` (ms): a silence, a maintenance window, a snooze, or another alert. */
export async function readHolds(
  db: Connection,
  now: number,
): Promise<(alert: Alert, host: string, state: "firing" | "resolved") => Hold | undefined> {
  const [silenceOf, sourceOf] = await Promise.all([activeSilences(db, now), firingSources(db)]);
  return (alert, host, state) => {
    const labels = matchedLabels(alert, host);
    const silence = silenceOf(labels);
    if (silence) {
      const { id, until, comment } = silence;
      return { until, silenceId: id, held: `Silenced until ${instantInText(until)}: ${comment}` };
    }
    if (state === "resolved") return undefined;
    const snoozed = alert.snoozedUntil?.getTime() ?? 0;
    if (snoozed > now) return { until: snoozed, silenceId: null, held: `Snoozed until ${instantInText(snoozed)}` };
    const source = sourceOf({ id: alert.id, labels });
    if (!source) return undefined;
    return { until: now + LOOK_AGAIN_MS, silenceId: null, held: `Held back while "${source.labels.rule}" fires` };
  };
}
