import { type Host, KinoraError, OutgoingRefused } from "#kernel";
import { firstCharacters } from "#kernel/text";
import webpush, { type VapidKeys } from "web-push";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import type { Device } from "./push-store.ts";
import * as pushStore from "./push-store.ts";

/** The content on the device: a press opens the path; a message replaces an earlier one with the same tag. */
export interface PushMessage {
  readonly title: string;
  readonly body: string;
  readonly path: string;
  readonly tag: string;
}

/** A push service keeps a message this long for a device that is off. */
const lifeS = 24 * 3_600;
const [answerBytesMax, totalMs] = [16_384, 15_000];
/** The push service does not know the device any more, or not under our key. */
const isDeviceUnknown = (status: number): boolean => [401, 403, 404, 410].includes(status);
/** Push services bound a message to 4096 bytes (RFC 8030 §7.2). */
const bodyMax = 400;

/** Sends push messages, encrypted for the device (RFC 8291) and signed by this instance (RFC 8292). */
export interface PushSender {
  /** The key pair of this instance, which never changes: read once by each process. */
  readonly keys: () => Promise<VapidKeys>;
  /** @throws where the push service did not take it now, so that the job is tried again */
  readonly send: (device: Device, message: PushMessage, signal: AbortSignal) => Promise<"sent" | "gone">;
}

export function createPushSender({
  db,
  outgoing,
  sealing,
  settings,
}: Pick<Host<Tables, Settings>, "db" | "outgoing" | "sealing" | "settings">): PushSender {
  let pendingKeys: Promise<VapidKeys> | undefined;
  const keys = (): Promise<VapidKeys> => {
    pendingKeys ??= db.tx((tx) => pushStore.keys(tx, sealing, () => webpush.generateVAPIDKeys()));
    pendingKeys.catch(() => {
      pendingKeys = undefined;
    });
    return pendingKeys;
  };

  async function send(device: Device, message: PushMessage, signal: AbortSignal): Promise<"sent" | "gone"> {
    const { endpoint, p256dh, auth: authKey } = device;
    const text = JSON.stringify({ ...message, body: firstCharacters(message.body, bodyMax) });
    const request = webpush.generateRequestDetails({ endpoint, keys: { p256dh, auth: authKey } }, text, {
      TTL: lifeS,
      vapidDetails: { subject: subjectOf(settings.address), ...(await keys()) },
    });
    const response = outgoing.ask(endpoint, {
      method: "POST",
      headers: headersOf(request.headers),
      body: request.body ?? "",
      bytesMax: answerBytesMax,
      totalMs,
      signal,
    });
    using answer = await response.catch(unlessRefused);
    if (answer === undefined) return "gone";
    if (isDeviceUnknown(answer.status)) return "gone";
    if (answer.status < 200 || answer.status > 299) throw new Error(`the push service answered ${answer.status}`);
    return "sent";
  }

  return { keys, send };
}

/** How push services reach the operator (RFC 8292 §2.1): they take secure addresses only. Pure. */
const subjectOf = (address: string): string =>
  address.startsWith("https://") ? address : "mailto:operator@kinora.invalid";

/** The library names headers as it likes, and some hold numbers. Pure. */
const headersOf = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.toLowerCase() !== "content-length")
      .map(([name, value]) => [name.toLowerCase(), String(value)]),
  );

/** An address that may not be asked is no push service (security S5.1); other failures are tried again. */
function unlessRefused(error: unknown): undefined {
  if (!(error instanceof KinoraError) || error.code !== OutgoingRefused.code) throw error;
  return undefined;
}
