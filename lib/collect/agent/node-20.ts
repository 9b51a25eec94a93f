// What Node 22 has and Node 20, which agents may run on, has not. Imported first.

type Resolvers<T> = { promise: Promise<T>; resolve(value: T | PromiseLike<T>): void; reject(reason?: unknown): void };

/** As the standard describes it. */
function withResolvers<T>(): Resolvers<T> {
  let resolve: Resolvers<T>["resolve"] = () => undefined;
  let reject: Resolvers<T>["reject"] = () => undefined;
  const promise = new Promise<T>((onValue, onReason) => {
    resolve = onValue;
    reject = onReason;
  });
  return { promise, resolve, reject };
}

const standard = Promise as { withResolvers?: unknown };
standard.withResolvers ??= withResolvers;
