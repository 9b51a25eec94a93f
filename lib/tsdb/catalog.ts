/** Door: which series there are, and how new each host's frames are. */
export { listSeries, newestFrameAt, readKinds, type SeriesInfo } from "./catalog/series.ts";
