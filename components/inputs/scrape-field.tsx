import { reasonTitle } from "#components/inputs/labels.ts";
import { type TriedScrape, useTryScrape } from "#components/inputs/queries.ts";
import { problemsOf } from "#components/layout/field-problems.ts";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextArea } from "#components/ui/text-area.tsx";
import { plural } from "#lib/format/plural.ts";
import { countText, formatText } from "#lib/format/value.ts";
import { SECOND_MS } from "#lib/time/durations.ts";

function Result({ tried }: { tried: TriedScrape }) {
  const { url, error, durationS, scraped, series, stored, drops, examples, targets, dropped } = tried;
  const others = [
    targets > 1 ? `This is the first of ${plural(targets, "target")}.` : "",
    dropped > 0 ? `relabel_configs drop ${plural(dropped, "target")}.` : "",
    scraped > series ? `${plural(scraped, "sample")} before metric_relabel_configs.` : "",
  ].join(" ");
  if (error !== null)
    return (
      <Notice variant="bad" title={url === null ? "No target can be scraped" : "The target cannot be scraped"}>
        <p className="[overflow-wrap:anywhere]">{url === null ? error : `${url}: ${error}`}</p>
        {others}
      </Notice>
    );
  return (
    <div className="space-y-2">
      <Notice variant="good" title={`${countText(series)} series found`}>
        <p className="[overflow-wrap:anywhere]">
          {url} answered in {formatText(durationS && durationS * SECOND_MS, "ms")}. {others}
        </p>
      </Notice>
      {drops.length > 0 && (
        <Notice
          variant="warn"
          title={`Not all of it would be stored: ${countText(stored)} of ${plural(series, "series", "series")}`}
        >
          <ul className="list-disc space-y-1 pl-4 [overflow-wrap:anywhere]">
            {drops.map(({ reason, samples, example }) => (
              <li key={reason}>
                {reasonTitle(reason)}: {plural(samples, "sample")}, such as {example}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {examples.length > 0 && <CodeBlock label="The first series" text={examples.join("\n")} className="max-h-40" />}
    </div>
  );
}

type Props = {
  /** The input that is changed. */
  id: number | undefined;
  value: string;
  onChange: (change: { target: { value: string } }) => void;
  error: string | undefined;
};

/** What is to be scraped, and a way to try it before it is saved. */
export function ScrapeField({ id, value, onChange, error }: Props) {
  const attempt = useTryScrape();
  const refused = problemsOf(attempt.error)("scrape");
  const hint = id === undefined ? "" : " A secret is shown as <secret>: leave it so to keep it.";
  return (
    <div className="space-y-3">
      <TextArea
        label="Configuration"
        required
        rows={10}
        hint={`An entry of scrape_configs, as in prometheus.yml.${hint}`}
        value={value}
        error={refused ?? error}
        onChange={(change) => {
          attempt.reset();
          onChange(change);
        }}
      />
      <Button disabled={attempt.isPending || value.trim() === ""} onClick={() => attempt.mutate({ scrape: value, id })}>
        {attempt.isPending ? "Scraping…" : "Try scrape"}
      </Button>
      <div aria-live="polite">
        {attempt.isError && refused === undefined && <Notice variant="bad" title={attempt.error.message} />}
        {attempt.data && <Result tried={attempt.data} />}
      </div>
    </div>
  );
}
