import { LOST } from "#components/ui/lost.tsx";
import { raiseError } from "#components/ui/toasts.tsx";

/** Ends the session. Its program is of use to whoever leaves, once. */
export async function leave(): Promise<void> {
  try {
    const { signOut } = await import("next-auth/react");
    await signOut({ callbackUrl: "/login" });
  } catch {
    raiseError(`You are still signed in. ${LOST}`);
  }
}
