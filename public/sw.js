// Shows what the portal pushes, also while none of its pages is open, and says so where the portal cannot be reached.

const SHELL = "sightline-offline-1";
const OFFLINE = "/offline.html";
const FILES = [OFFLINE, "/offline.js", "/offline.css", "/icon-192.png"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((shell) => shell.addAll(FILES))
      .then(() => self.skipWaiting()),
  );
});

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith("sightline-offline-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
  // A page is asked for while this program starts, and not after.
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function pageOf(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") return event.respondWith(pageOf(event));
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin || !FILES.includes(pathname)) return;
  event.respondWith(fetch(request).catch(async () => (await caches.match(pathname)) ?? Response.error()));
});

self.addEventListener("push", (event) => {
  const { title, body, url, tag } = event.data?.json() ?? {};
  if (title)
    event.waitUntil(self.registration.showNotification(title, { body, tag, data: { url }, icon: "/icon-192.png" }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = event.notification.data?.url ?? "/alerts";
  event.waitUntil(self.clients.openWindow(url));
});
