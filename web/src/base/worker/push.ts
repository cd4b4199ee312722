import { meQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { hasSession, onLogOut, watchSession } from "#base/api/session/session.ts";

/** The state of push messages to the viewer in this browser. */
export type PushState = "unsupported" | "denied" | "off" | "on";

/** The id of the user who turned push on in this browser. */
const userKey = "kinora.push";

const isSupported = (): boolean => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

export async function pushState(userId: number): Promise<PushState> {
  if (!isSupported()) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  if (localStorage.getItem(userKey) !== String(userId)) return "off";
  return (await currentSubscription()) === null ? "off" : "on";
}

async function currentSubscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** Asks for the permission, and makes this browser a device of the viewer. */
export async function turnOnPush(userId: number): Promise<PushState> {
  if ((await Notification.requestPermission()) !== "granted")
    return Notification.permission === "denied" ? "denied" : "off";
  const { public_key: key } = await ask("message.pushKey", {});
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const subscription = await pushManager.subscribe(options).catch(async () => {
    // One that was made with another key is in the way.
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe(options);
  });
  await send(subscription);
  localStorage.setItem(userKey, String(userId));
  return "on";
}

export async function turnOffPush(): Promise<PushState> {
  const subscription = await currentSubscription();
  localStorage.removeItem(userKey);
  if (subscription === null) return "off";
  await ask("message.unsubscribe", { query: { endpoint: subscription.endpoint } });
  await subscription.unsubscribe();
  return "off";
}

async function send(subscription: PushSubscription): Promise<void> {
  const { endpoint = "", keys = {} } = subscription.toJSON();
  await ask("message.subscribe", {
    body: { endpoint, keys: { p256dh: keys["p256dh"] ?? "", auth: keys["auth"] ?? "" } },
  });
}

/**
 * A device gets messages while the session lasts in which it was subscribed: each new session of the same user says so
 * again. Another user, and one who logged out, has not asked for messages here.
 */
export async function keepPush(): Promise<void> {
  if (!isSupported()) return;
  onLogOut(() => void forget());
  watchSession(() => void renew());
  await renew();
}

async function renew(): Promise<void> {
  if (!hasSession() || localStorage.getItem(userKey) === null) return;
  try {
    const subscription = await currentSubscription();
    const { id } = await queryClient.ensureQueryData(meQuery);
    if (localStorage.getItem(userKey) !== String(id)) await forget();
    else if (subscription !== null) await send(subscription);
  } catch {
    // The next page says it again.
  }
}

/** The server forgets the device with its session; what is still shown here was for the user who left. */
async function forget(): Promise<void> {
  localStorage.removeItem(userKey);
  const registration = await navigator.serviceWorker.getRegistration("/");
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}
