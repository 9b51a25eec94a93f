import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { recordAnnotation } from "#lib/annotations/annotations.ts";
import { type HookKind, readCiEvent } from "#lib/annotations/ci-events.ts";
import { API_ROOT } from "#lib/contract/roots.ts";
import { openText, sealText } from "#lib/crypto/sealed.ts";
import type { Connection } from "#lib/db/client.ts";
import type { EventHook as Row } from "#lib/db/generated/client.ts";
import { DomainError } from "#lib/errors.ts";
import { assertHosts } from "#lib/hosts/hosts.ts";
import { reasonOf } from "#lib/reason.ts";

type NewHook = { kind: HookKind; name: string; hostId: number | null; service: string };

const toInfo = ({ sealedSecret: _, createdBy: _author, received, refused, kind, ...row }: Row) => ({
  ...row,
  kind: kind as HookKind,
  received: Number(received),
  refused: Number(refused),
  path: `${API_ROOT}/annotations/hooks/${row.id}`,
});

/** All webhooks by name, without their secrets. */
export const listHooks = async (db: Connection) =>
  (await db.eventHook.findMany({ orderBy: { name: "asc" } })).map(toInfo);

/** Adds a webhook, and answers its secret this once. @throws DomainError validation for a host that there is not */
export async function createHook(db: Connection, hook: NewHook, userId: string, portalSecret: string) {
  if (hook.hostId !== null) await assertHosts(db, [hook.hostId], "host_id");
  const secret = randomBytes(24).toString("base64url");
  const data = { ...hook, sealedSecret: sealText(secret, portalSecret), createdBy: userId };
  return { ...toInfo(await db.eventHook.create({ data })), secret };
}

/** Removes a webhook; what it recorded stays. @throws DomainError not-found */
export async function removeHook(db: Connection, id: number): Promise<void> {
  const { count } = await db.eventHook.deleteMany({ where: { id } });
  if (count === 0) throw new DomainError("not-found", `There is no webhook ${id}`);
}

const equal = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

type Delivery = { body: string; headers: Headers };

/** GitHub signs the body, GitLab sends the secret itself. */
function isProven(kind: HookKind, { body, headers }: Delivery, secret: string): boolean {
  if (kind === "gitlab") return equal(headers.get("x-gitlab-token") ?? "", secret);
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  return equal(headers.get("x-hub-signature-256") ?? "", signature);
}

const HEADER = { github: "X-Hub-Signature-256", gitlab: "X-Gitlab-Token" };

const refuse = (db: Connection, id: number, problem: string) =>
  db.eventHook.update({ where: { id }, data: { refused: { increment: 1 }, problem } });

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new DomainError("validation", `Send JSON (content type application/json): ${reasonOf(error)}`);
  }
}

/**
 * Records what a CI system sends to a webhook at `now` (ms); the same event again changes nothing. Answers whether it is recorded, and why not.
 * @throws DomainError unauthenticated without the right secret (a webhook that there is not answers the same), validation for what is no JSON
 */
export async function receiveEvent(
  db: Connection,
  id: number,
  delivery: Delivery,
  { portalSecret, now }: { portalSecret: string; now: number },
): Promise<{ recorded: boolean; reason: string }> {
  const hook = await db.eventHook.findUnique({ where: { id } });
  const kind = hook?.kind as HookKind;
  const secret = hook && openText(hook.sealedSecret, portalSecret);
  if (!hook || !secret || !isProven(kind, delivery, secret)) {
    if (hook) await refuse(db, id, `A request without the right ${HEADER[kind]}: enter the webhook's secret there`);
    throw new DomainError("unauthenticated", "There is no such webhook, or its secret is another");
  }
  let body: unknown;
  try {
    body = parse(delivery.body);
  } catch (error) {
    await refuse(db, id, reasonOf(error));
    throw error;
  }
  const name = delivery.headers.get("x-github-event") ?? delivery.headers.get("x-gitlab-event") ?? "";
  const event = readCiEvent(kind, name.slice(0, 100), body, now);
  const recorded = typeof event !== "string";
  if (recorded)
    await recordAnnotation(db, {
      ...event,
      at: new Date(event.at),
      hostId: hook.hostId,
      service: hook.service || event.service,
      key: `hook ${id} ${event.key}`,
    });
  const problem = recorded ? null : event;
  await db.eventHook.update({ where: { id }, data: { received: { increment: 1 }, lastAt: new Date(now), problem } });
  return { recorded, reason: problem ?? "" };
}
