/**
 * Does a request come from our own pages? A page of another site can send the reader's cookie along, but not forge the
 * Origin header. `host` is what the browser believes it talks to; `publicUrl` holds where a proxy changes that.
 */
export function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.host === host || (publicUrl !== undefined && url.origin === new URL(publicUrl).origin);
}
