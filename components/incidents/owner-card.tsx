"use client";

import { AssigneeSelect } from "#components/alerts/assignee-select.tsx";
import { STATUS_TITLE } from "#components/anomalies/labels.ts";
import type { Incident } from "#components/anomalies/queries.ts";
import { StatusForm } from "#components/anomalies/status-form.tsx";
import { inputOf, useAssign, useIncidentSaved } from "#components/incidents/queries.ts";
import { call } from "#components/layout/api.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardTitle } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import * as contract from "#lib/contract/index.ts";

/** Whoever looks at the page, and may decide on it. */
export type Me = { id: string; name: string };

function Assign({ incident, me }: { incident: Incident; me: Me }) {
  const { mutate, isPending, error } = useAssign(incident);
  const { assignedTo, assigneeId } = incident;
  return (
    <div className="mb-4 space-y-3">
      {assigneeId !== me.id && (
        <Button variant="primary" className="w-full" disabled={isPending} onClick={() => mutate(me.id)}>
          {assignedTo === null ? "Take it" : `Take it over from ${assignedTo}`}
        </Button>
      )}
      <AssigneeSelect {...{ assignedTo, isPending, error }} onAssign={mutate} />
    </div>
  );
}

/** Who works on an incident, and what was decided; with the means to change both, for whoever may. */
export function OwnerCard({ incident, me }: { incident: Incident; me: Me | undefined }) {
  const onSaved = useIncidentSaved(incident);
  const { status, endedAt, reviewed, assignedTo, assigneeId } = incident;
  return (
    <Card>
      <CardTitle aside={`Status: ${STATUS_TITLE[status]}`}>
        {assignedTo === null ? "Nobody has it" : assigneeId === me?.id ? "You have it" : `${assignedTo} has it`}
      </CardTitle>
      {me ? (
        <>
          <Assign incident={incident} me={me} />
          <StatusForm
            subject="incident"
            {...{ status, reviewed, onSaved }}
            ended={endedAt !== null}
            save={(body) => call(contract.incidents.update, { ...inputOf(incident), body })}
          />
        </>
      ) : (
        <Notice>Administrators, operators and engineers take incidents on and set their status.</Notice>
      )}
    </Card>
  );
}
