// By which names applications send what is active and how their caches do. docs/otlp.md lists the same.

/** What is there at an instant, as a gauge or a sum that goes up and down; a series counts where it has all of `labels`. */
export type GaugeName = {
  kind: "requests" | "sessions" | "connections";
  metric: string;
  labels?: Record<string, string>;
};

export const GAUGE_NAMES: GaugeName[] = [
  // OpenTelemetry's conventions for HTTP; ASP.NET Core sends the same.
  { kind: "requests", metric: "http.server.active_requests" },
  // No convention has sessions: the name that docs/otlp.md asks for, then Tomcat's by OpenTelemetry's JMX and by Micrometer.
  { kind: "sessions", metric: "sessions.active" },
  { kind: "sessions", metric: "tomcat.session.active.count" },
  { kind: "sessions", metric: "tomcat.sessions.active.current" },
  { kind: "sessions", metric: "tomcat_sessions_active_current_sessions" },
  { kind: "sessions", metric: "signalr.server.active_connections" },
  // OpenTelemetry's conventions for database clients, and those of before.
  { kind: "connections", metric: "db.client.connection.count", labels: { "db.client.connection.state": "used" } },
  { kind: "connections", metric: "db.client.connections.usage", labels: { state: "used" } },
];

/** The counters of a cache: two metrics, or one whose label says what it counts. */
export type CacheName = { hits: CounterName; misses: CounterName };
type CounterName = { metric: string; labels?: Record<string, string> };

/** One counter for both, told apart by a label. */
const labelled = (metric: string, label: string, more: Record<string, string> = {}): CacheName => ({
  hits: { metric, labels: { ...more, [label]: "hit" } },
  misses: { metric, labels: { ...more, [label]: "miss" } },
});
const pair = (hits: string, misses: string): CacheName => ({ hits: { metric: hits }, misses: { metric: misses } });

export const CACHE_NAMES: CacheName[] = [
  pair("cache.hits", "cache.misses"),
  pair("cache_hits_total", "cache_misses_total"),
  labelled("cache.requests", "result"),
  // Micrometer, by OTLP and by Prometheus.
  labelled("cache.gets", "result"),
  labelled("cache_gets_total", "result"),
  // .NET's MemoryCache.
  labelled("dotnet.cache.requests", "dotnet.cache.request.result"),
  // Redis and memcached by the Collector and by their exporters.
  pair("redis.keyspace.hits", "redis.keyspace.misses"),
  pair("redis_keyspace_hits_total", "redis_keyspace_misses_total"),
  labelled("memcached.operations", "type", { operation: "get" }),
  labelled("memcached_commands_total", "status", { command: "get" }),
  // django-prometheus.
  pair("django_cache_get_hits_total", "django_cache_get_misses_total"),
];
