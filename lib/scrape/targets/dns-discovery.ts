import { Resolver } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { reasonOf } from "#lib/log.ts";
import type { ScrapeSettings } from "#lib/scrape/config/schema.ts";
import type { TargetGroup } from "#lib/scrape/targets/target.ts";

type DnsConfig = NonNullable<ScrapeSettings["dns_sd_configs"]>[number];
type Answer = { at: number; groups: TargetGroup[]; problem: string | undefined };

/** A name server is asked twice, the second time for twice as long. */
const LIMIT_MS = 2_000;
/** What says that a name has no records now, which is an answer. */
const NONE = ["ENODATA", "ENOTFOUND"];

/** Asks name servers for targets, each name again after its interval. A name that cannot be resolved keeps the targets that it had. */
export class DnsDiscovery {
  readonly #resolver: Resolver;
  #answers = new Map<string, Answer>();

  /** `servers` in place of those of the machine. */
  constructor(servers?: string[]) {
    this.#resolver = new Resolver({ timeout: LIMIT_MS, tries: 2 });
    if (servers) this.#resolver.setServers(servers);
  }

  /** The groups of all names at `now` (ms), and what is wrong with some. */
  async read(configs: DnsConfig[], now: number): Promise<{ groups: TargetGroup[]; problems: string[] }> {
    const queries = configs.flatMap((config) => config.names.map((name) => ({ config, name })));
    const answers = await Promise.all(
      queries.map(async ({ config, name }): Promise<[string, Answer]> => {
        const key = `${config.type} ${name} ${config.port}`;
        const before = this.#answers.get(key);
        if (before && now - before.at < config.refresh_interval && now >= before.at) return [key, before];
        return [key, await this.#ask(config, name, now, before)];
      }),
    );
    this.#answers = new Map(answers);
    const all = [...this.#answers.values()];
    return { groups: all.flatMap(({ groups }) => groups), problems: all.flatMap(({ problem }) => problem ?? []) };
  }

  async #ask({ type, port }: DnsConfig, name: string, now: number, before: Answer | undefined): Promise<Answer> {
    try {
      const targets = await this.#addresses(type, name, port);
      const groups = targets.map(({ address, ...meta }) => ({
        targets: [address],
        labels: { __meta_dns_name: name, ...meta },
      }));
      const problem = groups.length === 0 ? `${name} has no ${type} records` : undefined;
      return { at: now, groups, problem };
    } catch (error) {
      return { at: now, groups: before?.groups ?? [], problem: `${name} was not resolved: ${reasonOf(error)}` };
    }
  }

  async #addresses(
    type: DnsConfig["type"],
    name: string,
    port: number,
  ): Promise<({ address: string } & Record<string, string>)[]> {
    try {
      if (type === "SRV")
        return (await this.#resolver.resolveSrv(name)).map((record) => ({
          address: `${record.name.replace(/\.$/, "")}:${record.port}`,
          __meta_dns_srv_record_target: `${record.name.replace(/\.$/, "")}.`,
          __meta_dns_srv_record_port: String(record.port),
        }));
      const addresses = await (type === "A" ? this.#resolver.resolve4(name) : this.#resolver.resolve6(name));
      return addresses.map((address) => ({ address: `${isIPv6(address) ? `[${address}]` : address}:${port}` }));
    } catch (error) {
      if (NONE.includes((error as NodeJS.ErrnoException).code ?? "")) return [];
      throw error;
    }
  }
}
