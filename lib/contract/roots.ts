/** The page where everybody begins. */
export const FIRST_PAGE = "/now";
/** What every path of the API is below. */
export const API_ROOT = "/api/v1";
/** What the paths of Prometheus' API are below. */
export const PROMETHEUS_ROOT = "/prometheus/api/v1";
