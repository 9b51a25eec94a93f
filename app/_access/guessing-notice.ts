import type { UserInfo } from "#lib/access/users.ts";
import type { Database } from "#lib/db/client.ts";
import { queueNotice } from "#lib/notify/notices.ts";
import { HOUR_MS } from "#lib/time/durations.ts";

/** Tells the owner of an account by mail, once an hour at most, that somebody guesses its password. */
export const tellOfGuessing =
  (db: Database, address: string) =>
  async (user: UserInfo): Promise<void> => {
    await queueNotice(db, `guessing ${user.id} ${Math.floor(Date.now() / HOUR_MS)}`, {
      to: user.email,
      subject: "Sightline: wrong passwords for your account",
      lines: [
        `Several wrong passwords in a row were given for your account ${user.email}, the last from the address ${address}.`,
        "If it was not you, nobody got in; your own browsers, which have been signed in before, are not locked out by it. A long password that you use nowhere else keeps it so.",
      ],
    });
  };
