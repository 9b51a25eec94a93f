import type { Channel } from "#components/alerts/queries.ts";
import type { Route } from "#components/alerts/routing-queries.ts";
import { including } from "#components/alerts/rule-options.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { durationText } from "#lib/format/duration.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#lib/time/durations.ts";

type Step = Route["steps"][number];
type Problem = (field: string) => string | undefined;
type Channels = Pick<Channel, "id" | "name">[];

const AFTER = [5, 10, 15, 30, 60].map((minutes) => ({
  value: String(minutes * MINUTE_MS),
  title: `after ${durationText(minutes * MINUTE_MS)} without acknowledgement`,
}));
const AT_ONCE = { value: "0", title: "at once" };
const REPEATS = [
  { value: "", title: "as the route above" },
  { value: "0", title: "never" },
  ...[HOUR_MS, 4 * HOUR_MS, 12 * HOUR_MS, DAY_MS].map((ms) => ({
    value: String(ms),
    title: `every ${durationText(ms)}`,
  })),
];

const EMPTY_STEP: Step = { afterMs: 0, channelIds: [], everyChannel: false };
const EMPTY_ROUTE: Route = { name: "", matchers: "", continue: false, steps: [EMPTY_STEP], routes: [] };

type StepProps = {
  step: Step;
  number: number;
  channels: Channels;
  problem: string | undefined;
  onChange: (step: Step) => void;
  onRemove: () => void;
};

function StepFields({ step, number, channels, problem, onChange, onRemove }: StepProps) {
  const toggle = (id: number, on: boolean) =>
    onChange({ ...step, channelIds: on ? [...step.channelIds, id] : step.channelIds.filter((other) => other !== id) });
  return (
    <fieldset className="grid gap-2 rounded-md bg-raised p-2">
      <legend className="sr-only">Step {number + 1}</legend>
      <div className="flex items-end gap-2">
        <Select
          label={`Step ${number + 1}, notified`}
          className="flex-1"
          options={including([AT_ONCE, ...AFTER], String(step.afterMs))}
          value={String(step.afterMs)}
          error={problem}
          onChange={(event) => onChange({ ...step, afterMs: Number(event.target.value) })}
        />
        <Button variant="quiet" className="h-9" aria-label={`Remove step ${number + 1}`} onClick={onRemove}>
          Remove
        </Button>
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        <Checkbox
          label="every channel"
          checked={step.everyChannel}
          onChange={(event) => onChange({ ...step, everyChannel: event.target.checked, channelIds: [] })}
        />
        {!step.everyChannel &&
          channels.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={step.channelIds.includes(id)}
              onChange={(event) => toggle(id, event.target.checked)}
            />
          ))}
      </div>
    </fieldset>
  );
}

type Props = {
  route: Route;
  field: string;
  channels: Channels;
  problem: Problem;
  onChange: (route: Route) => void;
  onRemove: (() => void) | undefined;
};

function RouteFields({ route, field, problem, onChange, onRemove }: Omit<Props, "channels">) {
  const { name, matchers, repeatMs } = route;
  const isRoot = onRemove === undefined;
  return (
    <>
      <div className="grid gap-2 sm:grid-cols-[1fr_2fr_1fr]">
        <Field
          label="Route"
          error={problem(`${field}.name`)}
          value={name}
          onChange={(event) => onChange({ ...route, name: event.target.value })}
        />
        {isRoot ? (
          <p className="self-end pb-2 text-muted text-xs">All alerts that no route below is for</p>
        ) : (
          <Field
            label="Alerts with the labels"
            hint={'severity="critical",host=~"db-.*"'}
            error={problem(`${field}.matchers`)}
            value={matchers}
            onChange={(event) => onChange({ ...route, matchers: event.target.value })}
          />
        )}
        <Select
          label="Sent again"
          options={including(
            isRoot ? REPEATS.slice(1) : REPEATS,
            repeatMs === undefined ? (isRoot ? "0" : "") : String(repeatMs),
          )}
          value={repeatMs === undefined ? (isRoot ? "0" : "") : String(repeatMs)}
          onChange={({ target: { value } }) =>
            onChange({ ...route, repeatMs: value === "" ? undefined : Number(value) })
          }
        />
      </div>
      {!isRoot && (
        <Checkbox
          label="Look at the routes after it as well"
          checked={route.continue}
          onChange={(event) => onChange({ ...route, continue: event.target.checked })}
        />
      )}
    </>
  );
}

/** A route with its steps and the routes below it. */
export function RouteEditor(props: Props) {
  const { route, field, channels, problem, onChange, onRemove } = props;
  const { steps, routes } = route;
  return (
    <div className="grid gap-2 border-line border-l-2 pl-3">
      <RouteFields {...props} />
      {steps.map((step, n) => (
        <StepFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is nothing but its place
          key={n}
          {...{ step, number: n, channels }}
          problem={problem(`${field}.steps.${n}.channel_ids`)}
          onChange={(changed) => onChange({ ...route, steps: steps.with(n, changed) })}
          onRemove={() => onChange({ ...route, steps: steps.toSpliced(n, 1) })}
        />
      ))}
      <div className="flex flex-wrap gap-2">
        <Button className="h-8" onClick={() => onChange({ ...route, steps: [...steps, EMPTY_STEP] })}>
          Add step
        </Button>
        <Button className="h-8" onClick={() => onChange({ ...route, routes: [...routes, EMPTY_ROUTE] })}>
          Add route below
        </Button>
        {onRemove && (
          <Button variant="quiet" className="h-8" aria-label={`Remove route ${route.name}`} onClick={onRemove}>
            Remove route
          </Button>
        )}
      </div>
      {routes.map((child, n) => (
        <RouteEditor
          // biome-ignore lint/suspicious/noArrayIndexKey: the order of routes is what they are
          key={n}
          {...{ route: child, field: `${field}.routes.${n}`, channels, problem }}
          onChange={(changed) => onChange({ ...route, routes: routes.with(n, changed) })}
          onRemove={() => onChange({ ...route, routes: routes.toSpliced(n, 1) })}
        />
      ))}
    </div>
  );
}
