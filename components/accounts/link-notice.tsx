import type { AccountLink } from "#components/accounts/queries.ts";
import { Notice } from "#components/ui/notice.tsx";
import { DateTime } from "#components/ui/time-format.tsx";

/** The link that somebody chooses their password by, this once. */
export function LinkNotice({ email, link }: { email: string; link: NonNullable<AccountLink> }) {
  return (
    <Notice variant="good" title={link.mailed ? `The link is on its way to ${email}` : `Give this link to ${email}`}>
      <p className="mb-1">
        It is shown only now, works once and until <DateTime at={link.expiresAt} />. Whoever opens it chooses the
        password.
      </p>
      <code className="break-all">{link.url}</code>
    </Notice>
  );
}
