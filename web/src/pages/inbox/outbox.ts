import { keyOf } from "#base/api/keys.ts";
import { uploadAttachment } from "#base/api/picture.ts";
import { invalidate } from "#base/api/query-client.ts";
import { randomKey } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure, type Failure } from "#base/api/request/failure.ts";
import { createAccountStore, useStore } from "#base/api/session/store.ts";
import { showMessage } from "#base/frame/updates.ts";

/** Something that is on its way, or did not get there. */
export interface Outgoing {
  /** Under this key the server takes it once, however often it is sent. */
  readonly key: string;
  readonly receiverId: number;
  readonly content: string;
  readonly file: File | null;
  /** Shows the file while it is here alone. */
  readonly preview: string | null;
  readonly failure: Failure | null;
}

const outbox = createAccountStore<readonly Outgoing[]>([], () => outbox.get().forEach(drop));

/** Messages that wait to reach a user, in the order of writing. */
export const useOutgoing = (receiverId: number): readonly Outgoing[] =>
  useStore(outbox).filter((outgoing) => outgoing.receiverId === receiverId);

/** Sends something and resolves to the conversation it is in, or to null where it did not get there. */
export function send(receiverId: number, content: string, file: File | null): Promise<number | null> {
  const preview = file?.type.startsWith("image/") === true ? URL.createObjectURL(file) : null;
  const outgoing: Outgoing = { key: randomKey(), receiverId, content, file, preview, failure: null };
  outbox.set([...outbox.get(), outgoing]);
  return attempt(outgoing);
}

export function retry(outgoing: Outgoing): Promise<number | null> {
  change(outgoing.key, null);
  return attempt(outgoing);
}

export function drop({ key, preview }: Outgoing): void {
  if (preview !== null) URL.revokeObjectURL(preview);
  outbox.set(outbox.get().filter((message) => message.key !== key));
}

const change = (key: string, failure: Failure | null): void =>
  outbox.set(outbox.get().map((message) => (message.key === key ? { ...message, failure } : message)));

/** The results of uploaded files, so that a retry does not send one a second time. */
const uploaded = new Map<string, string>();

async function attempt(outgoing: Outgoing): Promise<number | null> {
  const { key, receiverId, content, file } = outgoing;
  try {
    const body = { receiver_id: receiverId, content };
    const message = await ask("message.send", {
      body: file === null ? body : { ...body, type: typeOf(file), media_url: await addressOf(key, file) },
      idempotencyKey: key,
    });
    showMessage(message);
    drop(outgoing);
    void invalidate(keyOf("conversations"));
    return message.conversation_id;
  } catch (thrown) {
    change(key, asFailure(thrown));
    return null;
  }
}

const typeOf = ({ type }: File): number => (type.startsWith("image/") ? 2 : type.startsWith("audio/") ? 4 : 3);

async function addressOf(key: string, file: File): Promise<string> {
  const existing = uploaded.get(key);
  if (existing !== undefined) return existing;
  const { id } = await uploadAttachment(file);
  const address = `/api/v1/media/${id}/picture`;
  uploaded.set(key, address);
  return address;
}
