"use client";

import { useQuery } from "@tanstack/react-query";
import { peopleQuery } from "#components/alerts/queries.ts";
import { Select } from "#components/ui/select.tsx";

const NOBODY = "none";

type Props = {
  /** Who has it now. */
  assignedTo: string | null;
  isPending: boolean;
  error: Error | null;
  onAssign: (userId: string | null) => void;
};

/** Gives something to somebody, or to nobody. */
export function AssigneeSelect({ assignedTo, isPending, error, onAssign }: Props) {
  const people = useQuery(peopleQuery);
  const options = [
    { value: "", title: assignedTo ?? "nobody" },
    ...(people.data ?? [])
      .filter(({ name }) => name !== assignedTo)
      .map(({ id: value, name }) => ({ value, title: name })),
    ...(assignedTo ? [{ value: NOBODY, title: "nobody" }] : []),
  ];
  return (
    <Select
      label="Assigned to"
      options={options}
      value=""
      disabled={isPending}
      error={error?.message}
      onChange={(event) => onAssign(event.target.value === NOBODY ? null : event.target.value)}
    />
  );
}
