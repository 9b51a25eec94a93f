import Link from "next/link";
import { Notice } from "#components/ui/notice.tsx";

export const metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl p-6">
      <h1 className="mb-4 font-semibold text-lg">Not found</h1>
      <Notice title="There is no such page">
        It may have been moved. Go to the{" "}
        <Link className="text-accent underline" href="/overview">
          overview
        </Link>
        .
      </Notice>
    </main>
  );
}
