import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { readEnvironment } from "#lib/config/environment.ts";
import { DEFAULT_SETTINGS, settingsPatchSchema, settingsSchema } from "#lib/contract/settings.ts";
import { DomainError, isDomainError, toProblem } from "#lib/errors.ts";

test("without any variable the portal binds loopback and keeps its data in .data", () => {
  assert.deepEqual(readEnvironment({} as never), {
    port: 3000,
    host: "127.0.0.1",
    dataDir: resolve(".data"),
    databaseUrl: undefined,
    publicUrl: undefined,
    certificates: [],
    trustedProxies: [],
  });
});

test("each wrong variable is named with what it must be", () => {
  const wrong = { PORT: "99999", DATABASE_URL: "mysql://x", PUBLIC_URL: "portal", TRUST_PROXY: "yes" };
  assert.throws(
    () => readEnvironment(wrong as never),
    (error: DomainError) => {
      assert.deepEqual(
        error.fields.map((f) => f.field),
        ["PORT", "DATABASE_URL", "PUBLIC_URL", "TRUST_PROXY"],
      );
      return true;
    },
  );
});

test("an empty variable counts as none", () => {
  assert.equal(readEnvironment({ PORT: "", DATABASE_URL: "" } as never).port, 3000);
});

test("settings have defaults that their own rules allow, and a change must change something known", () => {
  assert.deepEqual(settingsSchema.parse(DEFAULT_SETTINGS), DEFAULT_SETTINGS);
  assert.equal(settingsPatchSchema.safeParse({ collection_interval: 3601 }).success, false);
  assert.equal(settingsPatchSchema.safeParse({ colour: 1 }).success, false);
  assert.equal(settingsPatchSchema.safeParse({}).success, false);
  assert.equal(settingsPatchSchema.safeParse({ collection_interval: 1 }).success, true);
});

test("a domain error becomes problem details with its fields", () => {
  const error = new DomainError("validation", "no", { fields: [{ field: "a", message: "b" }] });
  assert.deepEqual(toProblem(error), {
    type: "/problems/validation",
    title: "The request is not valid",
    status: 400,
    detail: "no",
    errors: [{ field: "a", message: "b" }],
  });
  assert.equal(isDomainError(error), true);
  assert.equal(isDomainError(new Error("x")), false);
});
