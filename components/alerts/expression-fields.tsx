import type { ConditionProps } from "#components/alerts/rule-condition.tsx";
import { EVALUATED, including } from "#components/alerts/rule-options.ts";
import { Select } from "#components/ui/select.tsx";
import { TextArea } from "#components/ui/text-area.tsx";

/** The fields of a rule that is a PromQL expression. */
export function ExpressionFields({ draft, bind, problem }: ConditionProps) {
  return (
    <>
      <TextArea
        label="Expression"
        className="h-24"
        hint="PromQL. Each element of the result is an alert of its own: disk_usage > 90 and disk_total > 1e9"
        error={problem("condition.expr") ?? problem("series") ?? problem("host_ids")}
        {...bind("expr")}
      />
      <div className="grid gap-3 sm:grid-cols-[1fr_2fr]">
        <Select
          label="Evaluated every"
          options={including(EVALUATED, draft.evaluateMs)}
          error={problem("condition.every_ms")}
          {...bind("evaluateMs")}
        />
        <TextArea
          label="Summary (optional)"
          className="h-9"
          hint={"{{ $labels.instance }} is at {{ $value | humanize }}"}
          error={problem("condition.annotations.summary")}
          {...bind("summary")}
        />
      </div>
      <TextArea
        label="Description (optional)"
        className="h-16"
        error={problem("condition.annotations.description")}
        {...bind("description")}
      />
    </>
  );
}
