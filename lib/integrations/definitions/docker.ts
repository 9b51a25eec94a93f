import type { Integration } from "#lib/integrations/parts/integration.ts";
import { byPrometheus, collectorExporter, scrapeEntry } from "#lib/integrations/parts/snippets.ts";

const entry = scrapeEntry("cadvisor", "localhost:8080");
/** cAdvisor also counts groups that are no container, which have no name. */
const NAMED = '{name!=""}';
/** cAdvisor and OpenTelemetry's receiver call the container by other labels. */
const LEGEND = "{{name}}{{container_name}}";
const either = (cadvisor: string, receiver: string): string => `${cadvisor} or ${receiver}`;
const network = (cadvisor: string, receiver: string): string =>
  either(
    `sum by (host, name) (rate(container_network_${cadvisor}_bytes_total${NAMED}[5m]))`,
    `sum by (host, container_name) (rate(container_network_io_usage_${receiver}_bytes[5m]))`,
  );
const storage = (cadvisor: string, operation: string): string =>
  either(
    `sum by (host, name) (rate(container_fs_${cadvisor}_bytes_total${NAMED}[5m]))`,
    `sum by (host, container_name) (rate(container_blockio_io_service_bytes_recursive{operation="${operation}"}[5m]))`,
  );

export const docker: Integration = {
  id: "docker",
  title: "Docker",
  brings: "CPU, memory, network and storage of each container, by cAdvisor or an OpenTelemetry Collector.",
  main: [
    "container_cpu_usage_seconds_total",
    "container_memory_working_set_bytes",
    "container.cpu.usage.total",
    "container.memory.usage.total",
  ],
  metrics:
    /^(container_(cpu|memory|network|fs|tasks|spec|start|last|threads|processes|sockets|blkio|oom|file)\w*|container\.(cpu|memory|network|blockio|uptime|restarts|pids)(\..*)?)$/,
  known: "names that begin with container_ or container.",
  elsewhere: {
    text: "Sightline's collector and agents see the containers of their machine by themselves, on the page of the host.",
    href: "/hosts",
    link: "Hosts",
    brief: "Sightline also sees containers itself: see Hosts.",
  },
  setups: [
    byPrometheus(
      [
        {
          text: "Start cAdvisor on the machine. It listens on port 8080.",
          code: {
            where: "Shell",
            language: "sh",
            text: () => `docker run --detach --name=cadvisor --restart=unless-stopped --privileged --device=/dev/kmsg \\
  --publish=127.0.0.1:8080:8080 \\
  --volume=/:/rootfs:ro --volume=/var/run:/var/run:ro --volume=/sys:/sys:ro \\
  --volume=/var/lib/docker/:/var/lib/docker:ro --volume=/dev/disk/:/dev/disk:ro \\
  gcr.io/cadvisor/cadvisor:v0.49.1
`,
          },
        },
      ],
      entry,
    ),
    {
      id: "otlp",
      title: "OpenTelemetry Collector",
      kind: "otlp",
      steps: [
        {
          text: "Use a distribution with the Docker stats receiver, such as otelcol-contrib, whose account may read the Docker socket.",
          code: {
            where: "/etc/otelcol-contrib/config.yaml",
            language: "collector",
            text: (sender) => `receivers:
  docker_stats:
    endpoint: unix:///var/run/docker.sock
    collection_interval: 15s
${collectorExporter(sender)}service:
  pipelines:
    metrics:
      receivers: [docker_stats]
      exporters: [otlphttp/sightline]
`,
          },
        },
        {
          text: "Restart the Collector.",
          code: { where: "Shell", language: "sh", text: () => "systemctl restart otelcol-contrib\n" },
        },
      ],
    },
  ],
  scrape: entry,
  panels: [
    {
      title: "CPU used, of one core",
      expression: either(
        `100 * sum by (host, name) (rate(container_cpu_usage_seconds_total${NAMED}[5m]))`,
        "100 * sum by (host, container_name) (rate(container_cpu_usage_total[5m])) / 1e9",
      ),
      unit: "percent",
      legend: LEGEND,
    },
    {
      title: "Time held back by the CPU quota",
      expression: either(
        `rate(container_cpu_cfs_throttled_seconds_total${NAMED}[5m])`,
        "rate(container_cpu_throttling_data_throttled_time[5m]) / 1e9",
      ),
      unit: "seconds",
      rate: true,
      legend: LEGEND,
    },
    {
      title: "Memory used",
      expression: either(`container_memory_working_set_bytes${NAMED}`, "container_memory_usage_total"),
      unit: "bytes",
      legend: LEGEND,
    },
    {
      title: "Memory used, of its limit",
      expression: either(
        `100 * container_memory_working_set_bytes${NAMED} / (container_spec_memory_limit_bytes${NAMED} > 0)`,
        "container_memory_percent",
      ),
      unit: "percent",
      legend: LEGEND,
    },
    { title: "Network in", expression: network("receive", "rx"), unit: "bytes", rate: true, legend: LEGEND },
    { title: "Network out", expression: network("transmit", "tx"), unit: "bytes", rate: true, legend: LEGEND },
    { title: "Storage reads", expression: storage("reads", "read"), unit: "bytes", rate: true, legend: LEGEND },
    { title: "Storage writes", expression: storage("writes", "write"), unit: "bytes", rate: true, legend: LEGEND },
    {
      title: "Processes and threads",
      expression: either(`container_threads${NAMED}`, "container_pids_count"),
      unit: "count",
      legend: LEGEND,
    },
    {
      title: "Running for",
      expression: either(`time() - container_start_time_seconds${NAMED}`, "container_uptime"),
      unit: "seconds",
      legend: LEGEND,
    },
    {
      title: "Out-of-memory kills in 1 h",
      expression: `increase(container_oom_events_total${NAMED}[1h])`,
      unit: "count",
      legend: LEGEND,
    },
  ],
};
