/** The portal's own secret, made at the first start and kept in the data folder: other keys are derived from it. */
export function portalSecret(): string {
  const secret = process.env.NEXTAUTH_SECRET;
  if (!secret) throw new Error("NEXTAUTH_SECRET is not set: start the portal with `npm start`");
  return secret;
}
