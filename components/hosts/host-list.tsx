"use client";

import { ExportDialog } from "#components/exports/export-dialog.tsx";
import { FleetSummary, FleetToolbar, FleetView, useFleet } from "#components/hosts/fleet.tsx";
import { NoSample } from "#components/hosts/no-sample.tsx";
import { Button } from "#components/ui/button.tsx";
import { ButtonLink } from "#components/ui/button-link.tsx";
import { PageTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** All hosts, as a table or a heat map, by state, figures, tags and groups. */
export function HostList({ mayManage }: { mayManage: boolean }) {
  const fleet = useFleet();
  const { retired } = fleet.state;
  return (
    <>
      <PageTitle
        note={<FleetSummary fleet={fleet} />}
        aside={
          <span className="flex flex-wrap items-center gap-2">
            <ExportDialog what="hosts" request={{ kind: "hosts" }} />
            {mayManage && <ButtonLink href="/hosts/add">Add host</ButtonLink>}
          </span>
        }
      >
        {retired ? "Retired hosts" : "Hosts"}
      </PageTitle>
      <FleetToolbar fleet={fleet}>
        <Button variant="quiet" className="h-8 text-xs" onClick={() => void fleet.setState({ retired: !retired })}>
          {retired ? "Show watched hosts" : "Show retired hosts"}
        </Button>
      </FleetToolbar>
      <FleetView
        fleet={fleet}
        empty={
          retired ? (
            <Notice title="No host is retired">A host is retired on its page, under Agent and host.</Notice>
          ) : (
            <NoSample mayManage={mayManage} />
          )
        }
      />
    </>
  );
}
