import type { Database } from "#lib/db/client.ts";
import { writeSecret, writeSettings } from "#lib/settings/store.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";

/** A portal that has a mail server set, as schedules need it. Nothing is sent by it. */
export async function setMailServer(db: Database): Promise<void> {
  await writeSettings(db, { mail_from: "sightline@example.org" }, NOBODY);
  await writeSecret(db, "smtp_url", "smtp://127.0.0.1:9", "a secret", NOBODY);
}
