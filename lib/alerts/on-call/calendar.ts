import { readShifts } from "#lib/alerts/on-call/schedules.ts";
import { portalUrl } from "#lib/config/address.ts";
import { readEnvironment } from "#lib/config/environment.ts";
import { portalSecret } from "#lib/config/secret.ts";
import { API_ROOT } from "#lib/contract/roots.ts";
import { readSigned, signValue } from "#lib/crypto/signed.ts";
import type { Connection } from "#lib/db/client.ts";
import { DomainError } from "#lib/errors.ts";

const PURPOSE = "on-call calendar";

/** The address of a schedule's feed: whoever has it can read who is on call, and nothing else. @throws DomainError not-found */
export async function calendarUrl(db: Connection, id: number, now: number): Promise<{ url: string }> {
  await readShifts(db, id, now);
  const token = signValue(PURPOSE, id, portalSecret());
  return { url: `${portalUrl(readEnvironment())}${API_ROOT}/on-call/${token}` };
}

/** RFC 5545: what has a meaning in a text is escaped. */
const escaped = (text: string): string =>
  text.replace(/[\\;,]/g, (character) => `\\${character}`).replace(/\r?\n/g, "\\n");

const stamp = (at: Date): string => at.toISOString().replace(/[-:]|\.\d{3}/g, "");

/** RFC 5545: a line has 75 octets at most, and goes on behind a space. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  for (const character of line) {
    if (Buffer.byteLength(part + character) > (parts.length === 0 ? 75 : 74)) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part].join("\r\n ");
}

/** A schedule's shifts as iCalendar (RFC 5545). @throws DomainError not-found for an address that is no schedule's */
export async function readCalendar(db: Connection, token: string, now: number): Promise<string> {
  const id = readSigned<number>(PURPOSE, token, portalSecret());
  if (id === undefined) throw new DomainError("not-found", "This address is of no schedule: copy it again");
  const { name, shifts } = await readShifts(db, id, now);
  const events = shifts.flatMap((shift) => [
    "BEGIN:VEVENT",
    `UID:${id}-${shift.from.getTime()}@sightline`,
    `DTSTAMP:${stamp(new Date(now))}`,
    `DTSTART:${stamp(shift.from)}`,
    `DTEND:${stamp(shift.to)}`,
    `SUMMARY:${escaped(`${shift.name} on call, ${name}`)}`,
    "END:VEVENT",
  ]);
  const lines = [
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sightline//On call//EN", `X-WR-CALNAME:${escaped(name)}`],
    ...[...events, "END:VCALENDAR"],
  ];
  return `${lines.map(folded).join("\r\n")}\r\n`;
}
