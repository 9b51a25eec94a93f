import { Plus, X } from "lucide-react";
import type { ReportTemplate } from "#components/reports/queries.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Select, withOption } from "#components/ui/select.tsx";
import { TextArea } from "#components/ui/text-area.tsx";

type Expression = ReportTemplate["expressions"][number];

const BLANK: Expression = { title: "", query: "", unit: "count", rate: false };
const MOST = 20;

const UNITS = [
  { value: "count", title: "Number" },
  { value: "percent", title: "Percent" },
  { value: "count/s", title: "Per second" },
  { value: "bytes", title: "Bytes" },
  { value: "bytes/s", title: "Bytes per second" },
  { value: "seconds", title: "Seconds" },
  { value: "ms", title: "Milliseconds" },
  { value: "celsius", title: "Degrees Celsius" },
];

const PER_SECOND = "/s";
const unitOf = ({ unit, rate }: Expression) => `${unit}${rate ? PER_SECOND : ""}`;
const withUnit = (unit: string) => ({ unit: unit.replace(PER_SECOND, ""), rate: unit.endsWith(PER_SECOND) });

type Props = {
  chosen: Expression[];
  problem: (field: string) => string | undefined;
  onChange: (expressions: Expression[]) => void;
};

/** PromQL expressions that a report has a section of each: their largest series, a chart and a table. */
export function Expressions({ chosen, problem, onChange }: Props) {
  const change = (index: number, part: Partial<Expression>) =>
    onChange(chosen.map((own, n) => (n === index ? { ...own, ...part } : own)));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium text-xs">Expressions</legend>
      <div className="grid gap-3">
        {chosen.map((own, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an expression is nothing but its fields
          <div key={n} className="grid gap-3 rounded-md border border-line p-3 sm:grid-cols-[1fr_10rem_auto]">
            <Field
              label="Title"
              value={own.title}
              error={problem(`expressions.${n}.title`)}
              onChange={(event) => change(n, { title: event.target.value })}
            />
            <Select
              label="Unit"
              value={unitOf(own)}
              options={withOption(UNITS, { value: unitOf(own), title: unitOf(own) })}
              onChange={(event) => change(n, withUnit(event.target.value))}
            />
            <Button
              className="h-9 self-start sm:mt-5"
              aria-label={`Remove expression ${own.title || n + 1}`}
              onClick={() => onChange(chosen.filter((_, other) => other !== n))}
            >
              <X aria-hidden className="size-4" /> Remove
            </Button>
            <div className="sm:col-span-3">
              <TextArea
                label="Expression"
                className="h-16"
                hint="PromQL: avg by (host) (cpu_usage)"
                value={own.query}
                error={problem(`expressions.${n}.query`)}
                onChange={(event) => change(n, { query: event.target.value })}
              />
            </div>
          </div>
        ))}
        <div>
          <Button className="h-8" disabled={chosen.length >= MOST} onClick={() => onChange([...chosen, BLANK])}>
            <Plus aria-hidden className="size-4" /> Add expression
          </Button>
        </div>
      </div>
    </fieldset>
  );
}
