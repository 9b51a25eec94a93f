import assert from "node:assert/strict";
import { test } from "node:test";
import { filterHosts, groupsOf, sortHosts, tagsOf } from "#components/hosts/host-filter.ts";
import type { Host } from "#components/hosts/queries.ts";
import { splitTags } from "#components/hosts/tags.ts";

const host = (id: number, name: string, more: Partial<Host> = {}): Host => ({
  ...{
    id,
    name,
    hostname: name,
    tags: [],
    group: "",
    system: {},
    firstSeenAt: new Date(0),
    lastSampleAt: new Date(id),
  },
  ...{ retiredAt: null, agent: null, state: "ok", worst: null, cpu: null, memory: null, disk: null, response: null },
  ...more,
});
const names = (hosts: Host[]) => hosts.map(({ name }) => name);

const HOSTS = [
  host(1, "web-10", { cpu: 12, tags: ["env:prod", "web"], group: "Berlin" }),
  host(2, "web-2", { cpu: 90, state: "critical", tags: ["env:prod"] }),
  host(3, "db-1", { state: "no_data", system: { os: "Debian 12" } }),
  host(4, "db-2", { cpu: 0, state: "warning" }),
];

test("the worst hosts come first, silent ones right after the critical", () => {
  assert.deepEqual(names(sortHosts(HOSTS, "state", true)), ["web-2", "db-1", "db-2", "web-10"]);
});

test("numbers within names count as numbers, and a host without a figure comes last either way", () => {
  assert.deepEqual(names(sortHosts(HOSTS, "name", false)), ["db-1", "db-2", "web-2", "web-10"]);
  assert.deepEqual(names(sortHosts(HOSTS, "cpu", true)), ["web-2", "web-10", "db-2", "db-1"]);
  assert.deepEqual(names(sortHosts(HOSTS, "cpu", false)), ["db-2", "web-10", "web-2", "db-1"]);
});

test("all words of a search have to be found, in name, tags, group or system", () => {
  const search = (text: string) => names(filterHosts(HOSTS, { search: text, tag: "", group: "" }));
  assert.deepEqual(search("WEB prod"), ["web-10", "web-2"]);
  assert.deepEqual(search("debian"), ["db-1"]);
  assert.deepEqual(search("berlin nowhere"), []);
  assert.deepEqual(names(filterHosts(HOSTS, { search: "", tag: "web", group: "Berlin" })), ["web-10"]);
});

test("tags and groups are listed once, without those that are empty", () => {
  assert.deepEqual(tagsOf(HOSTS), ["env:prod", "web"]);
  assert.deepEqual(groupsOf(HOSTS), ["Berlin"]);
  assert.deepEqual(splitTags(" env:prod, web web ,, "), ["env:prod", "web"]);
});
