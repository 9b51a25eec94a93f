import * as zod from "zod";

// zod as the contract uses it: what describes a schema is noted, and the schema is made when it is first needed. Of some two thousand
// schemas a running portal needs those of the endpoints that somebody uses; each takes as much memory as the text of this file,
// and Next holds the contract once for pages and once for routes.
export * from "zod";

type Make = (...args: never[]) => unknown;

/** How a schema is made: by one of zod's functions, or by a method of another. */
class Plan {
  readonly origin: Plan | undefined;
  readonly act: Make | string;
  readonly args: unknown[];
  schema: object | undefined;

  constructor(origin: Plan | undefined, act: Make | string, args: unknown[]) {
    this.origin = origin;
    this.act = act;
    this.args = args;
  }
}

const PLAN = Symbol("plan");

/** The methods that answer a schema, and nothing else. */
const METHODS = new Set(
  (
    "array catchall default describe extend int length lt max min nullable optional or overwrite partial positive " +
    "prefault refine regex startsWith strict superRefine toLowerCase transform trim"
  ).split(" "),
);

const planOf = (value: unknown): Plan | undefined =>
  typeof value === "object" && value !== null ? (value as { [PLAN]?: Plan })[PLAN] : undefined;

const isShape = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** An argument with the schemas in place of their plans. What holds no plan stays the same object; getters, of schemas that hold themselves, stay. */
function settled(argument: unknown): unknown {
  const plan = planOf(argument);
  if (plan) return schemaOf(plan);
  if (Array.isArray(argument)) return argument.some(planOf) ? argument.map(settled) : argument;
  if (!isShape(argument)) return argument;
  const fields = Object.entries(Object.getOwnPropertyDescriptors(argument));
  if (!fields.some(([, { value }]) => planOf(value))) return argument;
  const settledFields = fields.map(([name, field]) => [
    name,
    "value" in field ? { ...field, value: settled(field.value) } : field,
  ]);
  return Object.defineProperties({}, Object.fromEntries(settledFields));
}

function schemaOf(plan: Plan): object {
  if (plan.schema) return plan.schema;
  const args = plan.args.map(settled) as never[];
  const { origin, act } = plan;
  const schema =
    typeof act === "string"
      ? (schemaOf(origin as Plan) as Record<string, Make>)[act]?.(...args)
      : (act as Make)(...args);
  plan.schema = schema as object;
  return plan.schema;
}

const handler: ProxyHandler<Plan> = {
  get(plan, name) {
    if (name === PLAN) return plan;
    if (plan.schema === undefined) {
      if (name === "shape" && plan.act === zod.object) return plan.args[0];
      if (typeof name === "string" && METHODS.has(name)) return (...args: unknown[]) => planned(plan, name, args);
    }
    return Reflect.get(schemaOf(plan), name);
  },
  has: (plan, name) => Reflect.has(schemaOf(plan), name),
  getPrototypeOf: (plan) => Reflect.getPrototypeOf(schemaOf(plan)),
};

const planned = (origin: Plan | undefined, act: Make | string, args: unknown[]): unknown =>
  new Proxy(new Plan(origin, act, args), handler);

const later = <F extends Make>(make: F): F => ((...args: unknown[]) => planned(undefined, make, args)) as unknown as F;

/** What `make` makes of a schema, made when it is first needed. */
export const made = <S extends zod.ZodType>(schema: S, make: (schema: S) => S): S =>
  later(make as Make)(schema as never) as S;

export const array = later(zod.array);
export const boolean = later(zod.boolean);
export const codec = later(zod.codec);
export const discriminatedUnion = later(zod.discriminatedUnion);
const enumeration = later(zod.enum);

export { enumeration as enum };
export const literal = later(zod.literal);
export const looseObject = later(zod.looseObject);
export const number = later(zod.number);
export const object = later(zod.object);
export const record = later(zod.record);
export const string = later(zod.string);
export const tuple = later(zod.tuple);
export const union = later(zod.union);
export const url = later(zod.url);
export const uuid = later(zod.uuid);
export const coerce = { ...zod.coerce, number: later(zod.coerce.number), string: later(zod.coerce.string) };
