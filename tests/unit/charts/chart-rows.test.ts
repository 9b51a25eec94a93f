import assert from "node:assert/strict";
import { test } from "node:test";
import { chartRows } from "#components/charts/table/chart-rows.ts";

test("a chart as a table has a row an instant and a column a line, also where lines have one name or are not always there", () => {
  const tips = [
    {
      head: "8:00",
      lines: [
        { name: "usage", figure: "1 %" },
        { name: "usage", figure: "2 %" },
      ],
    },
    { head: "8:01", lines: [{ name: "usage", figure: "3 %" }] },
    { head: "8:02", lines: [{ name: "expected", figure: "4 %" }] },
  ];
  assert.deepEqual(chartRows(tips), {
    columns: ["usage", "usage (2)", "expected"],
    rows: [
      { head: "8:00", figures: ["1 %", "2 %", "–"] },
      { head: "8:01", figures: ["3 %", "–", "–"] },
      { head: "8:02", figures: ["–", "–", "4 %"] },
    ],
  });
  const select = { name: "SELECT …" };
  assert.deepEqual(
    chartRows([
      { head: "8:00", lines: [{ ...select, id: "1", figure: "5" }] },
      { head: "8:01", lines: [{ ...select, id: "2", figure: "6" }] },
    ]).rows.map(({ figures }) => figures),
    [
      ["5", "–"],
      ["–", "6"],
    ],
  );
  assert.deepEqual(chartRows([]), { columns: [], rows: [] });
});
