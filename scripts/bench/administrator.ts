import type { Portal } from "../../tests/support/portal.ts";

const PERSON = { name: "Bench", email: "bench@example.org", password: "velvet otter piano 42 quarry" };

/** Calls the API of a portal. @throws Error for what is no success */
export type CallApi = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** A way to call the API as somebody who is signed in, and the cookies by which they are. */
export type SignedIn = { call: CallApi; cookies: ReadonlyMap<string, string> };

/** The same cookies as a browser takes them. */
export const cookiesFor = (
  url: string,
  cookies: ReadonlyMap<string, string>,
): { name: string; value: string; url: string }[] => [...cookies].map(([name, value]) => ({ name, value, url }));

/** Makes the first administrator of a new portal and signs in as them. */
export async function becomeAdministrator({ url, token }: Portal): Promise<SignedIn> {
  const cookies = new Map<string, string>();
  const send = async (path: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(url + path, { redirect: "manual", ...init, headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/);
      cookies.set(name, value);
    }
    return response;
  };
  const call: CallApi = async (method, path, body) => {
    const init =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const response = await send(`/api/v1${path}`, { method, ...init });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  if (token !== undefined) await call("POST", "/setup", { token, ...PERSON });
  const { csrfToken } = (await (await send("/api/auth/csrf")).json()) as { csrfToken: string };
  const { email, password } = PERSON;
  await send("/api/auth/callback/credentials", {
    method: "POST",
    body: new URLSearchParams({ csrfToken, email, password, json: "true" }),
  });
  return { call, cookies };
}

/** What a program sends to read metrics as often as it likes: makes its administrator, and a token. */
export async function readerOf(portal: Portal): Promise<Record<string, string>> {
  const { call } = await becomeAdministrator(portal);
  const token = { name: "bench", days: 1, scopes: ["metrics:read", "hosts:read"] };
  const { token: text } = (await call("POST", "/account/tokens", token)) as { token: string };
  await call("PATCH", "/settings", { rate_limit_per_minute: 100_000, rate_limit_address_per_minute: 100_000 });
  return { authorization: `Bearer ${text}` };
}
