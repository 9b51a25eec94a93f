import type { z } from "zod";
import { type ChannelSettings, fillTemplate } from "#lib/alerts/channels/kinds.ts";
import { portalSecret } from "#lib/config/secret.ts";
import { CHANNEL_FIELDS } from "#lib/contract/alert-channel-fields.ts";
import { type channelSchema, HIDDEN } from "#lib/contract/alert-channels.ts";
import type { ChannelKind } from "#lib/contract/enums.ts";
import type { Role } from "#lib/contract/roles.ts";
import { recipientSchema } from "#lib/contract/users.ts";
import { openText, sealText } from "#lib/crypto/sealed.ts";
import type { Connection } from "#lib/db/client.ts";
import type { AlertChannel as Row } from "#lib/db/generated/client.ts";
import { DomainError, invalidField } from "#lib/errors.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";
import { reasonOf } from "#lib/log.ts";
import { assertOutgoing, isTrustedRole, type Trust, trustOf } from "#lib/notify/outgoing.ts";

/** A channel as it is written. */
export type ChannelInput = z.output<typeof channelSchema>;

/** A channel that can be sent by: its secrets are open. */
export type OpenChannel = { id: number; name: string; kind: ChannelKind; settings: ChannelSettings; trust: Trust };

function wrong(field: string, message: string): DomainError {
  return invalidField(`settings.${field}`, message);
}

/** Checks one field's text. @throws DomainError validation */
function assertField(name: string, kind: string, text: string, trust: Trust): void {
  if (kind === "url") {
    if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
      throw wrong(name, `"${text}" is no URL: write https://…`);
    assertOutgoing(text, trust, `settings.${name}`);
  }
  if (kind === "json") {
    try {
      fillTemplate(text, {});
    } catch (error) {
      throw wrong(name, `This is no JSON (${reasonOf(error)}): write {"message": "{{title}}"}`);
    }
  }
  if (kind === "email")
    for (const address of text.split(",").map((part) => part.trim()))
      if (!recipientSchema.safeParse(address).success) throw wrong(name, `"${address}" is no email address`);
}

/** The settings of a kind, checked; what is shown as hidden is taken from what is stored. @throws DomainError validation, naming the field */
function checkedSettings(
  { kind, settings }: Pick<ChannelInput, "kind" | "settings">,
  stored: ChannelSettings,
  trust: Trust,
): ChannelSettings {
  const fields = CHANNEL_FIELDS[kind];
  const unknown = Object.keys(settings).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined)
    throw wrong(unknown, `${kind} has no setting ${unknown}: it takes ${Object.keys(fields).join(", ")}`);
  const checked: ChannelSettings = {};
  for (const [name, { title, kind: type, optional }] of Object.entries(fields)) {
    const text = settings[name] === HIDDEN ? (stored[name] ?? "") : (settings[name] ?? "");
    if (text === "" && !optional) throw wrong(name, `Enter ${title.toLowerCase()}`);
    if (text !== "") assertField(name, type, text, trust);
    checked[name] = text;
  }
  return checked;
}

const shownOf = (kind: ChannelKind, settings: ChannelSettings): ChannelSettings =>
  Object.fromEntries(
    Object.entries(settings).map(([name, text]) => [
      name,
      CHANNEL_FIELDS[kind][name]?.secret && text !== "" ? HIDDEN : text,
    ]),
  );

/** @throws Error where it was sealed by a portal with another secret */
function openSettings({ sealed, name }: Pick<Row, "sealed" | "name">): ChannelSettings {
  const text = openText(sealed, portalSecret());
  if (text === undefined) throw new Error(`The channel ${name} was encrypted by another portal: enter it again`);
  return JSON.parse(text) as ChannelSettings;
}

async function dataOf(db: Connection, input: ChannelInput, role: Role, before?: Row) {
  const trusted = isTrustedRole(role);
  const stored = before?.kind === input.kind ? openSettings(before) : {};
  const settings = checkedSettings(input, stored, trustOf(trusted));
  await assertHosts(db, input.hostIds);
  const { settings: _, ...rest } = input;
  return {
    ...rest,
    trusted,
    sealed: sealText(JSON.stringify(settings), portalSecret()),
    shown: shownOf(input.kind, settings),
  };
}

/** Creates a channel; answers its id. What only an administrator may name leads into private networks. @throws DomainError validation */
export async function createChannel(
  db: Connection,
  input: ChannelInput,
  user: { id: string; role: Role },
): Promise<number> {
  const data = { ...(await dataOf(db, input, user.role)), createdBy: user.id };
  return (await db.alertChannel.create({ data, select: { id: true } })).id;
}

const noSuch = (id: number) => new DomainError("not-found", `There is no notification channel ${id}`);

async function readRow(db: Connection, id: number): Promise<Row> {
  const row = await db.alertChannel.findUnique({ where: { id } });
  if (!row) throw noSuch(id);
  return row;
}

/** Writes the whole of a channel. @throws DomainError not-found, validation */
export async function replaceChannel(db: Connection, id: number, input: ChannelInput, role: Role): Promise<void> {
  await db.alertChannel.update({ where: { id }, data: await dataOf(db, input, role, await readRow(db, id)) });
}

/** Deletes a channel; what waits for it is not sent. @throws DomainError not-found */
export async function removeChannel(db: Connection, id: number): Promise<void> {
  if ((await db.alertChannel.deleteMany({ where: { id } })).count === 0) throw noSuch(id);
}

/** A channel with its secrets, to send by. @throws DomainError not-found; Error where another portal sealed it */
export async function openChannel(db: Connection, id: number): Promise<OpenChannel> {
  const row = await readRow(db, id);
  return {
    id,
    name: row.name,
    kind: row.kind as ChannelKind,
    settings: openSettings(row),
    trust: trustOf(row.trusted),
  };
}
