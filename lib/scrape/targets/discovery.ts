import { join } from "node:path";
import { readEnvironment } from "#lib/config/environment.ts";
import { MAX_TARGETS, type ScrapeSettings } from "#lib/scrape/config/schema.ts";
import { DnsDiscovery } from "#lib/scrape/targets/dns-discovery.ts";
import { FileDiscovery } from "#lib/scrape/targets/file-discovery.ts";
import { buildTargets, staticGroups, type TargetSet } from "#lib/scrape/targets/target.ts";

/** Where target files are: the folder `sd` of DATA_DIR. */
const sdFolder = (): string => join(readEnvironment().dataDir, "sd");

/** The targets of one configuration, and what keeps some from being found. */
export class Discovery {
  readonly #settings: ScrapeSettings;
  readonly #files: FileDiscovery;
  readonly #names: DnsDiscovery;

  /** `dnsServers` in place of those of the machine. */
  constructor(
    settings: ScrapeSettings,
    { folder = sdFolder(), dnsServers }: { folder?: string; dnsServers?: string[] } = {},
  ) {
    this.#settings = settings;
    this.#files = new FileDiscovery(folder);
    this.#names = new DnsDiscovery(dnsServers);
  }

  /** What there is at `now` (ms). */
  async read(now: number): Promise<TargetSet & { problem: string | undefined }> {
    const { file_sd_configs: files = [], dns_sd_configs: names = [] } = this.#settings;
    const [byFile, byName] = await Promise.all([
      this.#files.read(files.flatMap((config) => config.files)),
      this.#names.read(names, now),
    ]);
    const groups = [...staticGroups(this.#settings), ...byFile.groups, ...byName.groups];
    const problems = [...byFile.problems, ...byName.problems];
    const found = groups.reduce((sum, { targets }) => sum + targets.length, 0);
    if (found > MAX_TARGETS) problems.push(`${found} targets were found: the first ${MAX_TARGETS} are scraped`);
    return {
      ...(await buildTargets(this.#settings, groups, MAX_TARGETS)),
      problem: problems.length > 0 ? problems.join("; ").slice(0, 1_000) : undefined,
    };
  }
}
