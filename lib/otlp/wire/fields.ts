import { DomainError, invalidField } from "#lib/errors.ts";

/**
 * How a field is written: in protobuf by these names, `nanos` being a fixed64 of nanoseconds since 1970 and `id` bytes that JSON has as hex.
 * `bigint` is an int64 of which no digit may be lost, `count` a fixed64 and `int` an sfixed64 that become numbers.
 */
export type Scalar =
  | "double"
  | "nanos"
  | "count"
  | "int"
  | "bigint"
  | "uint32"
  | "int32"
  | "sint32"
  | "uint64"
  | "bool"
  | "string"
  | "bytes"
  | "id";

export type Field = { name: string; type: Scalar | Message; repeated: boolean };

type Description = Record<string, [number: number, type: Scalar | (() => Message), repeated?: "repeated"]>;

/** The fields of a message by their number and by their name in JSON; looked up when they are first wanted, as a value may hold others of its kind. */
export class Message {
  readonly #description: Description;
  #byNumber: (Field | undefined)[] | undefined;
  #byName: Map<string, Field> | undefined;

  constructor(description: Description) {
    this.#description = description;
  }

  get byNumber(): (Field | undefined)[] {
    this.#byNumber ??= this.#resolve().byNumber;
    return this.#byNumber;
  }

  get byName(): Map<string, Field> {
    this.#byName ??= this.#resolve().byName;
    return this.#byName;
  }

  #resolve() {
    const byNumber: (Field | undefined)[] = [];
    const byName = new Map<string, Field>();
    for (const [name, [number, type, repeated]] of Object.entries(this.#description)) {
      const field = { name, type: typeof type === "function" ? type() : type, repeated: repeated !== undefined };
      byNumber[number] = field;
      byName.set(name, field);
    }
    return { byNumber, byName };
  }
}

/** A message of which each field has its number and type; messages are given as functions. */
export const message = (description: Description): Message => new Message(description);

/** What was decoded of a message: a field that did not come is not there. */
export type Decoded = Record<string, unknown>;

/** So many messages and items of lists may come at once: of two bytes each, a body of 16 MiB would take a gigabyte. */
const MAX_ITEMS = 1_000_000;
/** Nobody nests values deeper. */
const MAX_DEPTH = 32;

/** What is said of a body that is no message. */
export const malformed = (message: string): DomainError => invalidField("body", message);

/** Counts what a request is made of while it is decoded. */
export class Budget {
  #items = 0;
  #depth = 0;

  /** @throws DomainError too-large */
  item(): void {
    this.#items += 1;
    if (this.#items > MAX_ITEMS)
      throw new DomainError("too-large", `The request holds more than ${MAX_ITEMS} values: send fewer at once`);
  }

  /** @throws DomainError validation */
  enter(): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw malformed(`The body is nested deeper than ${MAX_DEPTH} levels`);
  }

  leave(): void {
    this.#depth -= 1;
  }
}

/** Puts a value into what was decoded; of a field that is repeated, behind those before. */
export function put(decoded: Decoded, { name, repeated }: Field, value: unknown): void {
  if (!repeated) decoded[name] = value;
  else {
    const list = decoded[name] as unknown[] | undefined;
    if (list) list.push(value);
    else decoded[name] = [value];
  }
}
