export { POST } from "#app/api/v1/otlp/v1/logs/route.ts";
