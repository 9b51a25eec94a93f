import { NotFoundNotice } from "#components/layout/not-found-notice.tsx";

export const metadata = { title: "Not found" };

/** Within the frame, so that a reader can go on from there. */
export default function PortalNotFound() {
  return (
    <div className="mx-auto max-w-xl p-6">
      <NotFoundNotice />
    </div>
  );
}
