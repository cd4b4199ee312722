import { useSyncExternalStore } from "react";
import { randomKey } from "../api/attempt.ts";
import { uploadAttachment } from "../api/picture.ts";
import { ask } from "../api/client.ts";
import { asFailure, type Failure } from "../api/failure.ts";
import { queryClient } from "../api/queries.ts";
import { showMessage } from "./live.ts";

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

let waiting: readonly Outgoing[] = [];
const watchers = new Set<() => void>();
function set(next: readonly Outgoing[]): void {
  waiting = next;
  for (const notify of watchers) notify();
}
const watch = (notify: () => void) => {
  watchers.add(notify);
  return () => watchers.delete(notify);
};

/** Messages that wait to reach a user, in the order of writing. */
export const useOutgoing = (receiverId: number): readonly Outgoing[] =>
  useSyncExternalStore(watch, () => waiting).filter((one) => one.receiverId === receiverId);

/** Sends something and resolves to the conversation it is in, or to null where it did not get there. */
export function send(receiverId: number, content: string, file: File | null): Promise<number | null> {
  const preview = file?.type.startsWith("image/") === true ? URL.createObjectURL(file) : null;
  const outgoing: Outgoing = { key: randomKey(), receiverId, content, file, preview, failure: null };
  set([...waiting, outgoing]);
  return attempt(outgoing);
}

export function retry(outgoing: Outgoing): Promise<number | null> {
  set(waiting.map((one) => (one.key === outgoing.key ? { ...one, failure: null } : one)));
  return attempt(outgoing);
}

export function drop({ key, preview }: Outgoing): void {
  if (preview !== null) URL.revokeObjectURL(preview);
  set(waiting.filter((one) => one.key !== key));
}

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
    void queryClient.invalidateQueries({ queryKey: ["conversations"] });
    return message.conversation_id;
  } catch (thrown) {
    const failure = asFailure(thrown);
    set(waiting.map((one) => (one.key === key ? { ...one, failure } : one)));
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
