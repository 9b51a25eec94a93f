import { useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import { watchLook } from "#components/charts/plot/look.ts";
import type { Size } from "#components/charts/plot/plot-frame.ts";
import { plotOptions } from "#components/charts/plot/plot-options.ts";
import type { PlotSpec } from "#components/charts/plot/plot-spec.ts";

type Props = { spec: PlotSpec } & Size;

/** A uPlot, made once: new data, axes or sizes only have it drawn again. */
function Drawing({ spec, width, height }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const shown = useRef({ spec, width, height });

  useLayoutEffect(() => {
    if (!box.current) return;
    const { at, columns } = shown.current.spec;
    const made = new uPlot(
      plotOptions(() => shown.current.spec, shown.current),
      [at, ...columns],
      box.current,
    );
    plot.current = made;
    return () => made.destroy();
  }, []);

  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = { spec, width, height };
    if (before.width !== width || before.height !== height) plot.current?.setSize({ width, height });
    if (before.spec !== spec) plot.current?.setData([spec.at, ...spec.columns]);
  }, [spec, width, height]);

  useEffect(() => watchLook(() => plot.current?.redraw(false)), []);

  return <div ref={box} />;
}

/** What is drawn; other lines, or lines of another look, need another uPlot. */
export const PlotCanvas = (props: Props) => (
  <Drawing key={JSON.stringify([props.spec.lines, props.spec.bands])} {...props} />
);
