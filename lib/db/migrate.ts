import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine as Engine, MigrationList } from "@prisma/schema-engine-wasm";
import pg from "pg";

type Bindings = {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
  SchemaEngine: typeof Engine;
};

const FILTER = { externalTables: [], externalEnums: [] };
const require = createRequire(import.meta.url);

/**
 * The server goes on with a script whose client is gone, and commits it: that it is applied must be written in the same transaction. The
 * migration that runs is the only one that is neither finished nor rolled back, since this session alone may migrate.
 */
const FINISH =
  "\n;UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL";

/** The engine makes its own table by a script, too. */
const isMigration = (script: string): boolean => !/create table "?_prisma_migrations"?/i.test(script);

/**
 * adapter-pg cuts a script at every semicolon, also inside a function's body, and so runs it in pieces. Sent whole, a
 * migration is one implicit transaction: a kill in the middle leaves all of it or nothing.
 */
class WholeScriptAdapter extends PrismaPg {
  readonly pool: pg.Pool;
  /** What the server said of a script: the engine only knows that something failed. */
  failure: Error | undefined;
  #sessions = 0;

  constructor(url: string) {
    // One session, which is never given up: it holds the lock.
    const pool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0, connectionTimeoutMillis: 5_000 });
    pool.on("error", () => undefined);
    super(pool);
    this.pool = pool;
    pool.on("connect", () => {
      this.#sessions++;
    });
  }

  /** Whether the session that held the lock has ended, and a pool has opened another in its stead. */
  get hasLostLock(): boolean {
    return this.#sessions > 1;
  }

  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script: string) => {
      if (this.hasLostLock) throw new Error("The session that alone may migrate has ended");
      await this.pool.query(isMigration(script) ? script + FINISH : script).catch((error: Error) => {
        this.failure = error;
        throw error;
      });
    };
    return adapter;
  }
}

let bindings: Promise<Bindings> | undefined;

/**
 * Prisma's schema engine as WebAssembly, since its native one is a download. Instantiated by hand because Node imports
 * .wasm as a module only behind a flag, and once, because the glue code keeps views of its memory.
 */
async function loadBindings(): Promise<Bindings> {
  const glue = require.resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const loaded = (await import(glue)) as Bindings & Record<string, WebAssembly.ImportValue>;
  const binary = await readFile(join(dirname(glue), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(binary, { "./schema_engine_bg.js": loaded });
  loaded.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return loaded;
}

async function openEngine(adapter: PrismaPg, schemaPath: string): Promise<Engine> {
  bindings ??= loadBindings();
  const { SchemaEngine } = await bindings;
  const schema = await readFile(schemaPath, "utf8");
  const factory = bindMigrationAwareSqlAdapterFactory(adapter);
  return SchemaEngine.new({ datamodels: [[schemaPath, schema]] }, () => undefined, factory);
}

async function readMigrations(directory: string, only?: readonly string[]): Promise<MigrationList> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory() && (only?.includes(entry.name) ?? true))
    .map((entry) => entry.name);
  return {
    baseDir: directory,
    lockfile: { path: "migration_lock.toml", content: await readFile(join(directory, "migration_lock.toml"), "utf8") },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(
      names.sort().map(async (path) => ({
        path,
        migrationFile: {
          path: "migration.sql",
          content: { tag: "ok" as const, value: await readFile(join(directory, path, "migration.sql"), "utf8") },
        },
      })),
    ),
  };
}

/**
 * Lets the session of a pool alone migrate the database. It is the session that runs the scripts, so that one whose client was killed keeps
 * others out until the server is done with it.
 */
const lockMigrations = (pool: pg.Pool) => pool.query("SELECT pg_advisory_lock(hashtext('sightline.migrate'))");

/**
 * Applies what is pending of `prisma/migrations`, or of those that are named, and answers the names of what it applied.
 * A migration that a kill cut off is marked as rolled back, which it is, and applied again.
 */
export async function migrate(url: string, prismaDir: string, only?: readonly string[]): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    const adapter = new WholeScriptAdapter(url);
    try {
      return await migrateBy(adapter, prismaDir, only);
    } catch (error) {
      // Begun again it finds what was applied. What a script itself says is not mended by that.
      const { code = "" } = error as { code?: string };
      const mayRetry = !adapter.failure && (adapter.hasLostLock || MENDED_BY_AGAIN.includes(code));
      if (!mayRetry || attempt === ATTEMPTS) throw error;
    }
  }
}

const ATTEMPTS = 3;
/**
 * Prisma's: what was to be marked as rolled back has been finished meanwhile, by whoever took the lock over; or whoever lost it had begun a
 * migration after we had looked what has failed.
 */
const MENDED_BY_AGAIN = ["P3012", "P3009"];

async function migrateBy(
  adapter: WholeScriptAdapter,
  prismaDir: string,
  only: readonly string[] | undefined,
): Promise<string[]> {
  let engine: Engine | undefined;
  try {
    await lockMigrations(adapter.pool);
    engine = await openEngine(adapter, join(prismaDir, "schema.prisma"));
    const migrationsList = await readMigrations(join(prismaDir, "migrations"), only);
    const history = await engine.diagnoseMigrationHistory({
      migrationsList,
      optInToShadowDatabase: false,
      filters: FILTER,
    });
    for (const migrationName of history.failedMigrationNames) await engine.markMigrationRolledBack({ migrationName });
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: FILTER });
    return appliedMigrationNames;
  } catch (error) {
    throw adapter.failure ?? error;
  } finally {
    engine?.free();
    await adapter.pool.end();
  }
}

/** The SQL that makes the schema of `schema.prisma` in an empty database: what the migrations must add up to. */
export async function schemaScript(url: string, prismaDir: string): Promise<string> {
  const path = join(prismaDir, "schema.prisma");
  const adapter = new WholeScriptAdapter(url);
  const engine = await openEngine(adapter, path);
  try {
    const files = [{ path, content: await readFile(path, "utf8") }];
    const to = { tag: "schemaDatamodel" as const, files };
    const { stdout } = await engine.diff({ from: { tag: "empty" }, to, script: true, exitCode: null, filters: FILTER });
    return stdout ?? "";
  } finally {
    engine.free();
    await adapter.pool.end();
  }
}
