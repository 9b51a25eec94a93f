import type { ReactNode } from "react";
import { Link } from "#components/ui/link.tsx";

const LOOKS = { plain: "break-words text-accent hover:underline", quiet: "break-words hover:underline" };

type Props = { page: string; look?: keyof typeof LOOKS; children: ReactNode };

/** What leads to a page of ours, to an address elsewhere, or nowhere; `quiet` where most of a list leads somewhere. */
export function PlaceLink({ page, look = "plain", children }: Props) {
  if (page === "") return <>{children}</>;
  if (page.startsWith("/"))
    return (
      <Link href={page} className={LOOKS[look]}>
        {children}
      </Link>
    );
  return (
    <a href={page} rel="noreferrer" target="_blank" className={LOOKS[look]}>
      {children}
    </a>
  );
}

/** What of an answer could not be read, part by part; the rest stands beside. */
export function FailedParts({ failed }: { failed: { part: string; message: string }[] }) {
  return failed.map(({ part, message }) => (
    <p key={part} role="status" className="mt-2 text-warn text-xs">
      Without {part}: {message}
    </p>
  ));
}
