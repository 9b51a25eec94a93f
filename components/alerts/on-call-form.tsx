"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { peopleQuery } from "#components/alerts/queries.ts";
import { type OnCall, useSaveOnCall } from "#components/alerts/routing-queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Form } from "#components/ui/form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useTimeFormat } from "#components/ui/time-format.tsx";

type Layer = OnCall["layers"][number];
type Problem = (field: string) => string | undefined;
type Person = { id: string; name: string };

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const emptyLayer = (): Layer => ({
  ...{ members: [], startsOn: new Date().toISOString().slice(0, 10), handover: "09:00", everyDays: 7, days: [] },
});

const toggled = <T,>(list: T[], item: T, on: boolean): T[] =>
  on ? [...list, item] : list.filter((other) => other !== item);

type LayerProps = {
  layer: Layer;
  number: number;
  people: Person[];
  problem: Problem;
  onChange: (layer: Layer) => void;
  onRemove: (() => void) | undefined;
};

function Members({ layer, number, people, problem, onChange }: LayerProps) {
  const order = layer.members.map((id) => people.find((person) => person.id === id)?.name ?? "an account that is gone");
  const wrong = problem(`layers.${number}.members`);
  return (
    <div>
      <p className="mb-1 font-medium text-xs">On call, in turn{order.length > 0 && `: ${order.join(", ")}`}</p>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {people.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={layer.members.includes(id)}
            onChange={(event) => onChange({ ...layer, members: toggled(layer.members, id, event.target.checked) })}
          />
        ))}
      </div>
      {wrong && <p className="mt-1 text-bad text-xs">{wrong}</p>}
    </div>
  );
}

function LayerFields(props: LayerProps) {
  const { layer, number, problem, onChange, onRemove } = props;
  const at = `layers.${number}`;
  const bind = (key: "startsOn" | "handover" | "from" | "to") => ({
    value: layer[key] ?? "",
    error: problem(`${at}.${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`),
    onChange: ({ target: { value } }: { target: { value: string } }) =>
      onChange({ ...layer, [key]: value === "" ? undefined : value }),
  });
  return (
    <fieldset className="grid gap-3 border-line border-l-2 pl-3">
      <legend className="sr-only">Layer {number + 1}</legend>
      <Members {...props} />
      <div className="grid gap-3 sm:grid-cols-3">
        <Field label="From the day" type="date" {...bind("startsOn")} />
        <Field label="Hand-over at" type="time" {...bind("handover")} />
        <Field
          label="Every"
          unit="days"
          type="number"
          min={1}
          max={365}
          value={layer.everyDays}
          error={problem(`${at}.every_days`)}
          onChange={(event) => onChange({ ...layer, everyDays: Number(event.target.value) })}
        />
        <Field label="Only from (optional)" type="time" {...bind("from")} />
        <Field label="to" type="time" {...bind("to")} />
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {DAYS.map((name, n) => (
          <Checkbox
            key={name}
            label={name}
            checked={layer.days.length === 0 || layer.days.includes(n + 1)}
            onChange={(event) => {
              const all = layer.days.length === 0 ? DAYS.map((_, day) => day + 1) : layer.days;
              const days = toggled(all, n + 1, event.target.checked);
              onChange({ ...layer, days: days.length === DAYS.length ? [] : days });
            }}
          />
        ))}
      </div>
      {onRemove && (
        <Button variant="quiet" className="h-8 justify-self-start" onClick={onRemove}>
          Remove layer {number + 1}
        </Button>
      )}
    </fieldset>
  );
}

/** Creates an on-call schedule, or changes one. */
export function OnCallForm({ schedule, onDone }: { schedule: OnCall | undefined; onDone: () => void }) {
  const time = useTimeFormat();
  const people = useQuery(peopleQuery).data ?? [];
  const save = useSaveOnCall(schedule?.id);
  const [draft, setDraft] = useState<Pick<OnCall, "name" | "zone" | "layers">>(() =>
    schedule
      ? { name: schedule.name, zone: schedule.zone, layers: schedule.layers }
      : { name: "", zone: time.style.zone, layers: [emptyLayer()] },
  );
  const problem = problemsOf(save.error);
  const { layers } = draft;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(draft, { onSuccess: onDone });
  };
  return (
    <Form className="space-y-3" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Name"
          error={problem("name")}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <Field
          label="Time zone"
          error={problem("zone")}
          value={draft.zone}
          onChange={(event) => setDraft({ ...draft, zone: event.target.value })}
        />
      </div>
      {layers.map((layer, n) => (
        <LayerFields
          // biome-ignore lint/suspicious/noArrayIndexKey: of layers the order counts
          key={n}
          {...{ layer, number: n, people, problem }}
          onChange={(changed) => setDraft({ ...draft, layers: layers.with(n, changed) })}
          onRemove={layers.length > 1 ? () => setDraft({ ...draft, layers: layers.toSpliced(n, 1) }) : undefined}
        />
      ))}
      <Button className="h-8" onClick={() => setDraft({ ...draft, layers: [...layers, emptyLayer()] })}>
        Add layer
      </Button>
      {save.isError && <Notice variant="bad" title={save.error.message} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={save.isPending}>
          Save schedule
        </Button>
      </div>
    </Form>
  );
}
