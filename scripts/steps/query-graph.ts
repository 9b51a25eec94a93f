// The graph by which Prisma's client tells what of a query is a value, so that it compiles each form of a query once. It describes whatever the
// schema would allow, in 8 MB of each process that has a client; what no source asks for is left out here. A query that it does not
// describe is still right: its values are compiled into it, and each of them anew.

type InputEdge = { name: number; mask: number; child: number; enumeration: number; flags: number };
type OutputEdge = { name: number; args: number; output: number };
type Graph = { inputs: InputEdge[][]; outputs: OutputEdge[][]; roots: OutputEdge[] };

/** The client's form of it: numbers as varints, an index as one more than it is, 0 for none. */
type Packed = { strings: string[]; graph: string };

const NONE = -1;

/**
 * The first number of a name. The client keeps what a node leads to under these numbers in an object: with lower ones V8 would give each of them
 * an array as long as the highest, from 1,024 on it gives it a table of what there is.
 */
const FIRST_NAME = 1_100;

function unpack(text: string): Graph {
  const bytes = Buffer.from(text, "base64url");
  let at = 0;
  const byte = () => bytes.readUInt8(at++);
  const number = () => {
    let [value, shift, part] = [0, 0, 0];
    do {
      part = byte();
      value |= (part & 127) << shift;
      shift += 7;
    } while (part >= 128);
    return value;
  };
  const index = () => number() - 1;
  const mask = () => byte() | (byte() << 8);
  const list = <T>(length: number, item: () => T): T[] => Array.from({ length }, item);
  const output = () => ({ name: number(), args: index(), output: index() });
  const [inputs, outputs, roots] = [number(), number(), number()];
  const graph = {
    inputs: list(inputs, () =>
      list(number(), () => ({ name: number(), mask: mask(), child: index(), enumeration: index(), flags: byte() })),
    ),
    outputs: list(outputs, () => list(number(), output)),
    roots: list(roots, output),
  };
  if (at !== bytes.length) throw new Error("Prisma packs its graph of queries in another way: see unpack()");
  return graph;
}

function pack({ inputs, outputs, roots }: Graph): string {
  const bytes: number[] = [];
  const number = (value: number) => {
    let rest = value;
    for (; rest >= 128; rest >>>= 7) bytes.push((rest & 127) | 128);
    bytes.push(rest);
  };
  const output = ({ name, args, output: to }: OutputEdge) => [name, args + 1, to + 1].forEach(number);
  for (const { length } of [inputs, outputs, roots]) number(length);
  for (const edges of inputs) {
    number(edges.length);
    for (const { name, mask, child, enumeration, flags } of edges) {
      number(name);
      bytes.push(mask & 255, mask >> 8);
      number(child + 1);
      number(enumeration + 1);
      bytes.push(flags);
    }
  }
  for (const edges of outputs) {
    number(edges.length);
    edges.forEach(output);
  }
  roots.forEach(output);
  return Buffer.from(bytes).toString("base64url");
}

/** Gives what is kept numbers in the order in which it is met. */
function numbering(first = 0) {
  const numbers = new Map<number, number>();
  const next: number[] = [];
  const numberFor = (old: number): number => {
    if (old === NONE) return NONE;
    const given = numbers.get(old);
    if (given !== undefined) return given;
    numbers.set(old, first + next.length);
    next.push(old);
    return first + next.length - 1;
  };
  return { numberFor, next };
}

/** The graph of some queries ("Host.findMany") alone, without what writes by relations: rows are written with the ids that they have. */
export function pruneGraph(packed: Packed, queries: ReadonlySet<string>): Packed {
  const graph = unpack(packed.graph);
  const text = (name: number) => packed.strings[name] as string;
  const writes = graph.inputs.map((edges) => edges.some(({ name }) => text(name) === "connectOrCreate"));
  const [strings, inputs, outputs] = [numbering(FIRST_NAME), numbering(), numbering()];
  const output = ({ name, args, output: to }: OutputEdge) => ({
    name: strings.numberFor(name),
    args: inputs.numberFor(args),
    output: outputs.numberFor(to),
  });
  const input = ({ name, child, enumeration, ...edge }: InputEdge) => ({
    ...edge,
    name: strings.numberFor(name),
    child: inputs.numberFor(child),
    enumeration: strings.numberFor(enumeration),
  });
  const pruned: Graph = { inputs: [], outputs: [], roots: [] };
  pruned.roots = graph.roots.filter(({ name }) => queries.has(text(name))).map(output);
  // Each met on the way is appended to what is gone through.
  for (const old of outputs.next) pruned.outputs.push((graph.outputs[old] as OutputEdge[]).map(output));
  for (const old of inputs.next)
    pruned.inputs.push((graph.inputs[old] as InputEdge[]).filter(({ child }) => !writes[child]).map(input));
  return { strings: [...Array(FIRST_NAME).fill(""), ...strings.next.map(text)], graph: pack(pruned) };
}

/** How a call of the client is named in its graph, where that is not as the call itself. */
const ACTIONS: Record<string, string> = {
  ...{ create: "createOne", update: "updateOne", upsert: "upsertOne", delete: "deleteOne", count: "aggregate" },
};

/** The queries that sources ask by a client: of `db.host.findMany(`, "Host.findMany". */
export function queriesIn(sources: Iterable<string>): Set<string> {
  const queries = new Set<string>();
  for (const source of sources)
    for (const [, model = "", action = ""] of source.matchAll(/\.([a-z]\w*)\s*\.([a-z]\w+)\(/g))
      queries.add(`${model.charAt(0).toUpperCase()}${model.slice(1)}.${ACTIONS[action] ?? action}`);
  return queries;
}
