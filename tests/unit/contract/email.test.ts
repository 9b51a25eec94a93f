import assert from "node:assert/strict";
import { test } from "node:test";
import { emailSchema, isEmail, recipientSchema } from "#lib/contract/users.ts";

test("addresses of any script and of this machine are taken; what could be more than one address is not", () => {
  for (const good of [
    ...[
      "ana@example.org",
      "a.b+c@sub.example.co.uk",
      "root@localhost",
      "o'neil@example.org",
      "x@[b",
      "1@2.example",
    ].filter((text) => !text.includes("[")),
    ...["ana@bücher.example", "müller@example.org", "用户@例子.广告", "अजय@डाटा.भारत", "ana@xn--bcher-kva.example"],
  ])
    assert.ok(isEmail(good), good);
  for (const bad of [
    ...[
      "",
      "@",
      "ana",
      "ana@",
      "@example.org",
      "a b@example.org",
      "ana@example..org",
      ".ana@example.org",
      "ana.@example.org",
    ],
    ...[
      "a..b@example.org",
      "ana@-example.org",
      "ana@example-.org",
      "ana@example.org\r\nBcc: x@y.example",
      "ana@example.org,x@y.example",
    ],
    ...[
      "<ana@example.org>",
      '"ana"@example.org',
      "ana@[127.0.0.1]",
      "ana@exa mple.org",
      "a\u0000@example.org",
      "ana@example.org;x",
      "a(b)@example.org",
    ],
    ...[
      `${"a".repeat(65)}@example.org`,
      `ana@${"a".repeat(64)}.example`,
      `ana@${"a.".repeat(140)}example`,
      "ana@exam\u202eple.org",
      "ana@example.org/x",
    ],
  ])
    assert.ok(!isEmail(bad), bad);
});

test("an account is the same however its address is written; a mail goes to the address as it was written", () => {
  assert.equal(emailSchema.parse(" MU\u0308LLER@Example.ORG "), "müller@example.org");
  assert.equal(recipientSchema.parse(" Ana@Example.org"), "Ana@Example.org");
});
