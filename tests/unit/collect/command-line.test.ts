import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maskCommandLine } from "#lib/collect/processes/command-line.ts";

const mask = (line: string) => maskCommandLine(line.split(" "));

test("what programs are started with stays as it is where it holds no secret", () => {
  for (const line of [
    "/usr/lib/postgresql/18/bin/postgres -D /var/lib/postgresql/18/main -c config_file=/etc/postgresql/18/main/postgresql.conf",
    "node --enable-source-maps /srv/app/dist/server.js --port=3000 --keep-alive 5",
    "/usr/bin/python3 -m http.server 8080",
    "nginx: worker process",
    "java -Xmx4g -XX:+UseG1GC -jar /opt/service/lib/service-1.2.3-20261128.jar",
    "/usr/lib/x86_64-linux-gnu/libexec/kf5/kscreen_backend_launcher",
    "tar czf /backup/2026-11-28.tar.gz /home",
    "psql -h db.example.org -U reports -d sales",
    "sshd: anna [priv]",
    "gcc -c keyboard.c -o passenger.o",
  ])
    assert.equal(mask(line), line);
});

test("passwords, tokens and keys are masked, however flags, variables and headers spell them", () => {
  for (const [line, masked] of [
    ["app --password hunter2 --port 80", "app --password *** --port 80"],
    ["app --password=hunter2 --port=80", "app --password=*** --port=80"],
    ["app --smtp-password hunter2", "app --smtp-password ***"],
    ["app -token hunter2", "app -token ***"],
    ["app --api-key=hunter2 --apiKey hunter2", "app --api-key=*** --apiKey ***"],
    ["env DB_PASSWORD=hunter2 PATH=/bin run", "env DB_PASSWORD=*** PATH=/bin run"],
    ["java -Dspring.datasource.password=hunter2 -jar a.jar", "java -Dspring.datasource.password=*** -jar a.jar"],
    ["java -Djavax.net.ssl.keyStorePassword=hunter2", "java -Djavax.net.ssl.keyStorePassword=***"],
    ["app --auth --verbose", "app --auth --verbose"],
    ["curl https://x.example/?token=hunter2&page=2", "curl https://x.example/?token=***&page=2"],
    ["curl -u anna:hunter2 https://x.example", "curl -u *** https://x.example"],
    ["mysql -uroot -phunter2 shop", "mysql -uroot -p*** shop"],
    ["/usr/bin/redis-cli -a hunter2 ping", "/usr/bin/redis-cli -a *** ping"],
    ["sshpass -p hunter2 ssh host", "sshpass -p *** ssh host"],
    ["psql postgres://anna:hunter2@db/shop", "psql postgres://***@db/shop"],
    ["psql postgres://anna:hun@ter2@db/shop", "psql postgres://***@db/shop"],
    ["git clone https://hunter2@github.com/a/b", "git clone https://***@github.com/a/b"],
    ['app {"password":"hunter2","port":80}', 'app {"password":"***","port":80}'],
  ] as const)
    assert.equal(mask(line), masked);
  assert.equal(maskCommandLine(["curl", "-H", "Authorization: Bearer hunter2"]), "curl -H Authorization: ***");
  assert.equal(maskCommandLine(["sh", "-c", "PGPASSWORD=hunter2 psql"]), "sh -c PGPASSWORD=*** psql");
});

test("random strings, tokens of well-known makers and numbers of cards are masked wherever they stand", () => {
  for (const secret of [
    "ghp_abcdefghijklmnopqrst0123456789",
    "xoxb-123456789012-abcdefghij",
    "AKIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dGVzdA",
    "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "4111111111111111",
    "4111-1111-1111-1111",
  ]) {
    const masked = mask(`run ${secret} there`);
    assert.ok(!masked.includes(secret.slice(4, 16)), masked);
    assert.match(masked, /^run \S*\*\*\*\S* there$/);
  }
  assert.equal(mask("run 4111111111111112"), "run 4111111111111112", "no number of a card");
});

test("a value behind a flag that names a secret never comes through, and a line is short and clean text", () => {
  const flags = ["--password", "--db-token", "--secret", "--client-secret", "-pass", "--api_key", "--passphrase"];
  const value = fc.string({ minLength: 8, maxLength: 60, unit: "binary" }).filter((text) => /^\w{8,}/.test(text));
  fc.assert(
    fc.property(fc.constantFrom(...flags), value, fc.boolean(), (flag, secret, joined) => {
      const line = maskCommandLine(joined ? ["app", `${flag}=${secret}`] : ["app", flag, secret]);
      assert.ok(!line.includes(secret.slice(0, 8)) || "app --password".includes(secret.slice(0, 8)), line);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (args) => {
      const line = maskCommandLine(args);
      assert.ok(line.length <= 200 && line.isWellFormed() && !line.includes("\u0000") && !line.includes("\n"));
    }),
  );
  assert.equal(maskCommandLine([]), "");
  assert.equal(maskCommandLine(["x".repeat(150), "\u{1f600}".repeat(100)]).isWellFormed(), true);
});
