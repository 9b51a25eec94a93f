"use client";

import { useQueryState } from "nuqs";
import { usePageTime } from "#components/time/page-time.tsx";
import { Select, withOption } from "#components/ui/select.tsx";
import { COMPARISONS } from "#lib/time/range/moves.ts";

const REFRESH = [
  { value: "", title: "As set" },
  ...["5s", "10s", "30s", "1m", "5m", "15m"].map((value) => ({ value, title: `Every ${value}` })),
  { value: "off", title: "Paused" },
];

const COMPARE = [
  { value: "", title: "Nothing" },
  { value: "before", title: "The period before" },
  { value: "week", title: "Same days last week" },
];

const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const zoneOptions = () => [
  { value: "", title: `Browser (${ownZone()})` },
  { value: "utc", title: "UTC" },
  ...Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, title: zone.replaceAll("_", " ") })),
];

/** How often the page moves on, what it is compared with, and whose clock it goes by. */
export function TimeChoices() {
  const { compare, setRefresh, setCompare, setZone } = usePageTime();
  const [refresh] = useQueryState("refresh");
  const [zone] = useQueryState("timezone");
  const own = refresh ?? "";
  const zoneName = zone === "browser" ? "" : (zone ?? "");
  return (
    <div className="grid grid-cols-2 gap-2">
      <Select
        label="Refresh"
        options={withOption(REFRESH, { value: own, title: own })}
        value={own}
        onChange={({ target }) => setRefresh(target.value || null)}
      />
      <Select
        label="Compare with"
        options={COMPARE}
        value={compare ?? ""}
        onChange={({ target }) => setCompare(COMPARISONS.find((name) => name === target.value) ?? null)}
      />
      <Select
        label="Time zone"
        className="col-span-2"
        options={withOption(zoneOptions(), { value: zoneName, title: zoneName })}
        value={zoneName}
        onChange={({ target }) => setZone(target.value || null)}
      />
    </div>
  );
}
