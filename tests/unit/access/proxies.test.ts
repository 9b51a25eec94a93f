import assert from "node:assert/strict";
import { test } from "node:test";
import { addressGroup, TrustedProxies } from "#lib/access/proxies.ts";

test("whoever writes an address into X-Forwarded-For is not taken for it", () => {
  const proxies = new TrustedProxies(["10.0.0.0/8", "2001:db8::7"]);
  assert.equal(proxies.peerOf("10.1.1.1", "6.6.6.6, 198.51.100.7"), "198.51.100.7", "the client wrote the left one");
  assert.equal(proxies.peerOf("10.1.1.1", "6.6.6.6, 198.51.100.7, 10.2.2.2"), "198.51.100.7", "two proxies");
  assert.equal(proxies.peerOf("198.51.100.7", "6.6.6.6"), "198.51.100.7", "no proxy at all");
  assert.equal(proxies.peerOf("::ffff:10.1.1.1", ["6.6.6.6", "198.51.100.7:4711"]), "198.51.100.7");
  assert.equal(proxies.peerOf("2001:db8::7", "[2001:db8::9]:443"), "2001:db8::9");
  for (const nothing of [undefined, "", " , ", "unknown", "_hidden", "evil.host", "1.2.3"])
    assert.equal(proxies.peerOf("10.1.1.1", nothing), "10.1.1.1", String(nothing));
  assert.equal(new TrustedProxies([]).peerOf("127.0.0.1", "6.6.6.6"), "127.0.0.1");
});

test("with one proxy in a private network its clients there cannot write their address either", () => {
  const proxies = new TrustedProxies(["private"]);
  assert.equal(proxies.peerOf("127.0.0.1", "6.6.6.6, 192.168.1.20"), "192.168.1.20");
  assert.equal(proxies.peerOf("198.51.100.7", "6.6.6.6"), "198.51.100.7");
});

test("the addresses that one customer has count as one", () => {
  assert.equal(addressGroup("2001:db8:1:2:aaaa::1"), addressGroup("2001:DB8:1:2:bbbb:cccc:dddd:eeee"));
  assert.notEqual(addressGroup("2001:db8:1:2::1"), addressGroup("2001:db8:1:3::1"));
  assert.equal(addressGroup("2001:db8::1"), "2001:db8:0:0::/64");
  assert.equal(addressGroup("192.0.2.7"), "192.0.2.7");
  assert.equal(addressGroup("unknown"), "unknown");
});
