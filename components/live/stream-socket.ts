import { API_ROOT } from "#lib/contract/roots.ts";

/** A socket to the portal's live stream. */
export function openStreamSocket(): WebSocket {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${window.location.host}${API_ROOT}/stream`);
}
