import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import type { Database } from "#lib/db/client.ts";
import { writeSecret, writeSettings } from "#lib/settings/store.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";

/** A portal that has a mail server set, as schedules need it. Nothing is sent by it. */
export async function setMailServer(db: Database): Promise<void> {
  await writeSettings(db, { mail_from: "sightline@example.org" }, NOBODY);
  await writeSecret(db, "smtp_url", "smtp://127.0.0.1:9", "a secret", NOBODY);
}

type Received = { to: string; mail: ParsedMail };

/** A mail server that takes everything. */
export async function startMailServer(): Promise<{ url: string; received: Received[]; stop: () => Promise<void> }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, { envelope }, callback) {
      simpleParser(stream).then((mail) => {
        received.push(...envelope.rcptTo.map(({ address }) => ({ to: address, mail })));
        callback();
      }, callback);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return { url, received, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
