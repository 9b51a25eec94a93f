import { call } from "#components/layout/api.ts";
import * as contract from "#lib/contract/index.ts";

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

/** Asks whether this browser may show notifications, and has the portal push them to it. @throws Error where it may not */
export async function takeNotifications(): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted")
    throw new Error("The browser does not allow notifications of this site: change that in its settings");
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  const { publicKey } = await call(contract.alertPush.key, {});
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(publicKey) };
  const subscription = await registration.pushManager.subscribe(options);
  const { p256dh = "", auth = "" } = subscription.toJSON().keys ?? {};
  await call(contract.alertPush.subscribe, { body: { endpoint: subscription.endpoint, p256dh, auth } });
}
