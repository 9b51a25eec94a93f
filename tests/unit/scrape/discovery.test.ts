import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readConfig } from "#lib/scrape/config/read-config.ts";
import { Discovery } from "#lib/scrape/targets/discovery.ts";

const discovery = (config: object, options: ConstructorParameters<typeof Discovery>[1]) =>
  new Discovery(readConfig(JSON.stringify({ job_name: "t", ...config })).settings, options);

async function found(own: Discovery, now = 0) {
  const { targets, dropped, problem } = await own.read(now);
  return { addresses: targets.map(({ discovered }) => discovered.__address__).sort(), dropped, problem };
}

test("target files: several, JSON and YAML, read again when they change; a broken one keeps its targets and says why; none outside of the folder", async () => {
  const root = mkdtempSync(join(tmpdir(), "sightline-sd-"));
  const folder = join(root, "sd");
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  try {
    const own = discovery({ file_sd_configs: [{ files: ["shop/*.json", "b.yml"] }] }, { folder });
    const missing = await found(own);
    assert.deepEqual(missing.addresses, []);
    assert.match(missing.problem ?? "", /sd\/shop\/\*\.json: there is no such file.*sd\/b\.yml/);
    mkdirSync(join(folder, "shop"), { recursive: true });
    write("shop/a.json", '[{"targets": ["a:1", "a:2"], "labels": {"env": "x"}}]');
    write("b.yml", "- targets: [b:1]\n");
    const { targets } = await own.read(0);
    assert.deepEqual(
      targets.map(({ discovered, labels }) => [discovered.__address__, discovered.__meta_filepath, labels.env]),
      [
        ["a:1", "shop/a.json", "x"],
        ["a:2", "shop/a.json", "x"],
        ["b:1", "b.yml", undefined],
      ],
    );
    for (const bad of ["[", "{}", '[{"targets": "a:1"}]', '[{"targets": ["a:1"], "more": 1}]', "x".repeat(2_000_000)]) {
      write("shop/a.json", bad);
      const broken = await found(own);
      assert.deepEqual(broken.addresses, ["a:1", "a:2", "b:1"], bad.slice(0, 50));
      assert.match(broken.problem ?? "", /^sd\/shop\/a\.json: /);
    }
    write("shop/a.json", '[{"targets": ["a:1", "a b", "http://x/", "a:0", "a:3"]}]');
    const some = await found(own);
    assert.deepEqual([some.addresses, some.dropped.length, some.problem], [["a:1", "a:3", "b:1"], 3, undefined]);
    unlinkSync(join(folder, "shop/a.json"));
    writeFileSync(join(root, "secret.json"), '[{"targets": ["secret:1"]}]');
    symlinkSync("../../secret.json", join(folder, "shop/link.json"));
    const linked = await found(own);
    assert.deepEqual(linked.addresses, ["b:1"]);
    assert.match(linked.problem ?? "", /leads out of the folder/);
    write("shop/many.json", JSON.stringify(Array.from({ length: 10 }, (_, n) => ({ targets: many(n) }))));
    const cut = await found(own);
    assert.equal(cut.addresses.length, 1_000);
    assert.match(cut.problem ?? "", /10001 targets were found: the first 1000 are scraped/);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test("of a target file that is broken the file, the line and what is wrong are said, and it is read again once it changes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sightline-sd-"));
  const file = join(folder, "bad.json");
  try {
    const own = discovery({ file_sd_configs: [{ files: ["bad.json"] }] }, { folder });
    const broken: [string, RegExp][] = [
      ['[\n  {"targets": ["a:1",\n}]', /^sd\/bad\.json: line 3: Flow \w+ .*must/],
      ["", /^sd\/bad\.json: it is empty: write a list of groups/],
      ["# nothing\n", /^sd\/bad\.json: line \d: Write a list of groups/],
      ['[\n  {"targets": ["a:1"]},\n  {"targets": "b:1"}\n]', /: line 3: 1\.targets: Write a list of host:port$/],
      ["- targets: [a]\n---\n- targets: [b]\n", /: line 2: a second document begins after ---/],
      ["- targets: [a]\n  targets: [b]\n", /: line 2: targets is there twice/],
      ["[".repeat(1_000_000), /: line 1: it is nested too deeply/],
      ["- targets: [a:1]\n".repeat(60_000), /: it has over 200000 words and signs/],
      ["- &a targets: [*b]\n", /./],
    ];
    for (const [text, reason] of broken) {
      writeFileSync(file, text);
      const first = await found(own);
      assert.match(first.problem ?? "", reason, text.slice(0, 50));
      assert.deepEqual(await found(own), first);
    }
    writeFileSync(file, '[{"targets": ["a:1"]}]');
    assert.deepEqual((await found(own)).addresses, ["a:1"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const many = (group: number) => Array.from({ length: 1_000 }, (_, n) => `h${group}-${n}:1`);

const encodedName = (name: string) =>
  Buffer.concat([...name.split(".").map((part) => Buffer.from([part.length, ...Buffer.from(part)])), Buffer.from([0])]);

const shorts = (...numbers: number[]) => Buffer.from(Uint16Array.from(numbers).buffer).swap16();

/** A name server that answers each question with the same records. */
async function nameServer(records: () => { type: number; data: Buffer }[]) {
  const socket = createSocket("udp4");
  let questions = 0;
  socket.on("message", (message, { port, address }) => {
    questions += 1;
    const question = message.subarray(12, message.indexOf(0, 12) + 5);
    const answers = records().map(({ type, data }) =>
      Buffer.concat([shorts(0xc00c, type, 1, 0, 60, data.length), data]),
    );
    const header = Buffer.concat([message.subarray(0, 2), shorts(0x8180, 1, answers.length, 0, 0)]);
    socket.send(Buffer.concat([header, question, ...answers]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const server = `127.0.0.1:${(socket.address() as AddressInfo).port}`;
  return { server, count: () => questions, close: () => socket.close() };
}

test("names are asked for A, AAAA and SRV records, again after their interval; none are an answer, and a name server that is away keeps the targets", async () => {
  const srv = { type: 33, data: Buffer.concat([shorts(1, 1, 9100), encodedName("web-1.example")]) };
  const a = { type: 1, data: Buffer.from([192, 168, 0, 7]) };
  let records = [a];
  const server = await nameServer(() => records);
  const options = { folder: "/nowhere", dnsServers: [server.server] };
  const byName = (type: string, more: object = {}) =>
    discovery({ dns_sd_configs: [{ names: ["shop.example"], type, refresh_interval: "10s", ...more }] }, options);
  const own = byName("A", { port: 9100 });
  assert.deepEqual((await found(own)).addresses, ["192.168.0.7:9100"]);
  records = [];
  assert.deepEqual((await found(own, 9_000)).addresses, ["192.168.0.7:9100"]);
  const none = await found(own, 10_000);
  assert.deepEqual([none.addresses, none.problem], [[], "shop.example has no A records"]);
  assert.equal(server.count(), 2);
  records = [srv];
  const { targets } = await byName("SRV").read(0);
  assert.deepEqual(
    targets.map(({ discovered }) => [
      ...[discovered.__address__, discovered.__meta_dns_name, discovered.__meta_dns_srv_record_target],
    ]),
    [["web-1.example:9100", "shop.example", "web-1.example."]],
  );
  records = [{ type: 28, data: Buffer.from([0xfd, ...Array<number>(14).fill(0), 1]) }];
  const v6 = byName("AAAA", { port: 1 });
  assert.deepEqual((await found(v6)).addresses, ["[fd00::1]:1"]);
  server.close();
  const away = await found(v6, 20_000);
  assert.deepEqual(away.addresses, ["[fd00::1]:1"]);
  assert.match(away.problem ?? "", /^shop\.example was not resolved/);
});
