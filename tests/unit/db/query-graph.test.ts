import assert from "node:assert/strict";
import { test } from "node:test";
import { pruneGraph, queriesIn } from "../../../scripts/steps/query-graph.ts";

test("the queries of a source are found, over lines and of transactions too", () => {
  const source = "await db.hostTag\n      .findMany({}); tx.user.update({}); list.map((x) => x); db.user.count();";
  const queries = queriesIn([source]);
  for (const query of ["HostTag.findMany", "User.updateOne", "User.aggregate"]) assert.ok(queries.has(query), query);
});

/** Two queries over a table; the second writes by a relation as well. As Prisma packs them: numbers below 128 are a byte, indices one more. */
const STRINGS = ["Host.findMany", "Host.createOne", "where", "id", "data", "tags", "connectOrCreate"];
const PACKED = [
  ...[4, 0, 2],
  ...[1, 2, 1, 0, 2, 0, 7], // 0: where -> 1
  ...[1, 3, 2, 1, 0, 0, 9], // 1: id
  ...[2, 4, 0, 0, 2, 0, 0, 5, 0, 0, 4, 0, 0], // 2: data -> 1, tags -> 3
  ...[1, 6, 0, 0, 0, 0, 0], // 3: a write by a relation
  ...[0, 1, 0, 1, 3, 0], // roots: findMany -> 0, createOne -> 2
];
const packed = { strings: STRINGS, graph: Buffer.from(PACKED).toString("base64url") };

test("of the graph of queries those that are asked stay, without writes by relations", () => {
  const both = pruneGraph(packed, new Set(["Host.findMany", "Host.createOne"]));
  const names = both.strings.filter(Boolean);
  assert.deepEqual(names.toSorted(), ["Host.createOne", "Host.findMany", "data", "id", "where"]);
  const reading = pruneGraph(packed, new Set(["Host.findMany"]));
  assert.deepEqual(reading.strings.filter(Boolean), ["Host.findMany", "where", "id"]);
  assert.ok(Buffer.from(reading.graph, "base64url").length < Buffer.from(both.graph, "base64url").length);
  // What is left is a graph as the first was.
  assert.deepEqual(pruneGraph({ ...both, strings: both.strings }, new Set(["Host.findMany"])), reading);
});

test("a graph that is packed otherwise is refused, not misread", () => {
  const longer = Buffer.from([...PACKED, 0]).toString("base64url");
  assert.throws(() => pruneGraph({ strings: STRINGS, graph: longer }, new Set()), /packs its graph/);
});
