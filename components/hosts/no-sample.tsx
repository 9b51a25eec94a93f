import { ButtonLink } from "#components/ui/button-link.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** In place of the hosts, before there is one. */
export function NoSample({ mayManage }: { mayManage: boolean }) {
  return (
    <Notice title="No host has sent a sample yet">
      <p className="mb-2">
        The portal's own machine appears as soon as its recorder runs. Others are added by an agent.
      </p>
      {mayManage && (
        <ButtonLink href="/hosts/add" variant="primary">
          Add host
        </ButtonLink>
      )}
    </Notice>
  );
}
