import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { FIRST_PAGE } from "#lib/contract/roots.ts";

/** What an address leads to that leads to nothing. */
export function NotFoundNotice() {
  return (
    <>
      <h1 className="mb-4 font-semibold text-lg">Not found</h1>
      <Notice title="There is no such page, or what it showed is no longer kept">
        Check the address, or go to the{" "}
        <Link className="text-accent underline" href={FIRST_PAGE}>
          first page
        </Link>
        .
      </Notice>
    </>
  );
}
