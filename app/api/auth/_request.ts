import { NextRequest } from "next/server";
import { safePath } from "#lib/access/safe-path.ts";
import { DomainError } from "#lib/errors.ts";

const notRead = () =>
  new DomainError("validation", "The body cannot be read", {
    fields: [{ field: "body", message: "Send the fields of a form, or a JSON object" }],
  });

/** The fields of a form or of a JSON object. @throws DomainError validation */
async function fieldsOf(request: Request): Promise<Record<string, string>> {
  const text = await request.text();
  if (!request.headers.get("content-type")?.includes("json")) return Object.fromEntries(new URLSearchParams(text));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw notRead();
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw notRead();
  const entries = Object.entries(json).filter(([, value]) => typeof value !== "object");
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** What next-auth is given: it takes a callbackUrl that is none of ours for a portal that is set up wrongly. @throws DomainError validation */
export async function cleanRequest(request: Request): Promise<NextRequest> {
  const url = new URL(request.url);
  url.searchParams.delete("callbackUrl");
  if (request.method !== "POST") return new NextRequest(url, { method: request.method, headers: request.headers });
  const { callbackUrl, ...fields } = await fieldsOf(request);
  const headers = new Headers(request.headers);
  headers.set("content-type", "application/x-www-form-urlencoded");
  headers.delete("content-length");
  const body = new URLSearchParams({
    ...fields,
    ...(callbackUrl === undefined ? {} : { callbackUrl: safePath(callbackUrl, "/") }),
  });
  return new NextRequest(url, { method: "POST", headers, body: body.toString() });
}
