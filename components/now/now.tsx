"use client";

import { FleetSummary, FleetToolbar, FleetView, useFleet } from "#components/hosts/fleet.tsx";
import { NoSample } from "#components/hosts/no-sample.tsx";
import { Attention } from "#components/now/attention.tsx";
import { Changes } from "#components/now/changes.tsx";
import { ComesNext } from "#components/now/comes-next.tsx";
import { FirstSteps } from "#components/now/first-steps.tsx";
import { PageTitle } from "#components/ui/card.tsx";

type Props = { mayAcknowledge: boolean; mayManage: boolean; mayReadSettings: boolean; maySetUp: boolean };

/** The first page: what is wrong, what changed, what comes next, and how all hosts are. */
export function Now({ mayAcknowledge, mayManage, mayReadSettings, maySetUp }: Props) {
  const fleet = useFleet({ onlyWatched: true });
  return (
    <>
      <PageTitle note={<FleetSummary fleet={fleet} />}>Now</PageTitle>
      <div className="mb-4 grid items-start gap-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Attention mayAcknowledge={mayAcknowledge} />
        <div className="grid gap-3">
          {maySetUp && <FirstSteps />}
          <Changes mayReadSettings={mayReadSettings} />
          <ComesNext />
        </div>
      </div>
      <h2 className="sr-only">Hosts</h2>
      <FleetToolbar fleet={fleet} />
      <FleetView fleet={fleet} empty={<NoSample mayManage={mayManage} />} />
    </>
  );
}
