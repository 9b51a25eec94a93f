import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** What an address leads to that leads to nothing. */
export function NotFoundNotice() {
  return (
    <>
      <h1 className="mb-4 font-semibold text-lg">Not found</h1>
      <Notice title="There is no such page, or what it showed is no longer kept">
        Check the address, or go to the{" "}
        <Link className="text-accent underline" href="/overview">
          overview
        </Link>
        .
      </Notice>
    </>
  );
}
