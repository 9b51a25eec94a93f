import type { AccountLink } from "#components/accounts/queries.ts";
import { formatDateTime } from "#components/layout/format-date-time.ts";
import { Notice } from "#components/ui/notice.tsx";

/** The link that somebody chooses their password by, this once. */
export function LinkNotice({ email, link }: { email: string; link: NonNullable<AccountLink> }) {
  return (
    <Notice variant="good" title={link.mailed ? `The link is on its way to ${email}` : `Give this link to ${email}`}>
      <p className="mb-1">
        It is shown only now, works once and until {formatDateTime(link.expiresAt)}. Whoever opens it chooses the
        password.
      </p>
      <code className="break-all">{link.url}</code>
    </Notice>
  );
}
