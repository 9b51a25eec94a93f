import { Link } from "#components/ui/link.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { FIRST_PAGE } from "#lib/contract/roots.ts";

export const metadata = { title: "Not allowed" };

export default function Forbidden() {
  return (
    <main className="mx-auto max-w-xl p-6">
      <h1 className="mb-4 font-semibold text-lg">Not allowed</h1>
      <Notice variant="bad" title="Your role does not allow this page">
        Ask an administrator for it, or go back to the{" "}
        <Link className="text-accent underline" href={FIRST_PAGE}>
          first page
        </Link>
        .
      </Notice>
    </main>
  );
}
