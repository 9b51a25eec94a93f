import { NotFoundNotice } from "#components/layout/not-found-notice.tsx";

export const metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl p-6">
      <NotFoundNotice />
    </main>
  );
}
