import { type AuditEvent, recordAuditEvent } from "#lib/audit/trail.ts";
import type { Database } from "#lib/db/client.ts";
import { log, reasonOf } from "#lib/log.ts";
import { MINUTE_MS } from "#lib/time/durations.ts";

/** What happens again and again is one event, and another with their number once this long has passed, ms. */
const WINDOW_MS = MINUTE_MS;
/** Of more kinds at once, which a flood of made-up names would make, only the number is kept. */
const MOST_KINDS = 500;

type Open = { event: AuditEvent; more: number; timer: NodeJS.Timeout };

/** Events that an outsider can cause as often as they like: a refusal, a read. Of each kind the first is recorded at once. */
export class RepeatedEvents {
  readonly #db: () => Database;
  readonly #windowMs: number;
  readonly #open = new Map<string, Open>();

  constructor(db: () => Database, windowMs = WINDOW_MS) {
    this.#db = db;
    this.#windowMs = windowMs;
  }

  /** Records an event, or counts it. Resolves once the first of its kind is in the trail; never rejects. */
  async record(event: AuditEvent): Promise<void> {
    const full = this.#open.size >= MOST_KINDS;
    const kept = full ? { ...event, email: "", userId: null, subject: "many", details: {} } : event;
    const kind = [kept.action, kept.email, kept.subject, kept.details?.address].join("\n");
    const open = this.#open.get(kind);
    if (open) {
      open.more++;
      return;
    }
    const timer = setTimeout(() => void this.#close(kind), this.#windowMs);
    timer.unref();
    this.#open.set(kind, { event: kept, more: 0, timer });
    await this.#store(kept);
  }

  /** Records what was only counted so far: at the end of a process. */
  async flush(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((kind) => this.#close(kind)));
  }

  async #close(kind: string): Promise<void> {
    const open = this.#open.get(kind);
    if (!open) return;
    this.#open.delete(kind);
    clearTimeout(open.timer);
    const { event, more } = open;
    if (more > 0) await this.#store({ ...event, details: { ...event.details, again: more }, now: Date.now() });
  }

  async #store(event: AuditEvent): Promise<void> {
    await recordAuditEvent(this.#db(), event).catch((error: Error) =>
      log.error({ reason: reasonOf(error), action: event.action }, "an event of the audit trail could not be stored"),
    );
  }
}
