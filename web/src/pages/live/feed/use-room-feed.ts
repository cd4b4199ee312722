import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { ask } from "#base/api/request/client.ts";
import { createListeners } from "#base/api/session/listeners.ts";
import type { LiveMessage } from "#base/api/types.ts";
import { LikeSum } from "./backoff.ts";
import { type ConnectionState, followRoom } from "./connection.ts";
import type { Batch, Frame } from "./frames.ts";
import { emptyFeed, type RoomFeed, withBatch, withSaid, withSnapshot } from "./room-feed.ts";

interface RoomView extends RoomFeed {
  readonly connection: ConnectionState;
  /** Why the server refuses, where it does. */
  readonly refusal: string | null;
  /** Likes of this viewer that the room's sum may not have yet. */
  readonly ownLikes: number;
}

/** A room that is followed, for all that shows something of it. */
export class RoomStore {
  #view: RoomView = { ...emptyFeed, connection: "connecting", refusal: null, ownLikes: 0 };
  readonly #liveId: number;
  readonly #me: number;
  readonly #viewListeners = createListeners();
  readonly #frameListeners = createListeners<[Frame]>();
  readonly #likes: LikeSum;
  #socket: WebSocket | null = null;

  constructor(liveId: number, me: number) {
    this.#liveId = liveId;
    this.#me = me;
    this.#likes = new LikeSum((count) => {
      this.#socket?.send(JSON.stringify({ type: "like", payload: { count } }));
      return this.#socket !== null;
    });
  }

  /** Visitors watch, and send nothing. */
  get isSignedIn(): boolean {
    return this.#me !== 0;
  }

  readonly view = (): RoomView => this.#view;
  readonly watch = this.#viewListeners.subscribe;
  /** Calls with each frame that comes, not with those of a snapshot. */
  readonly listen = this.#frameListeners.subscribe;

  follow(signal: AbortSignal): void {
    signal.addEventListener("abort", () => this.#likes.stop());
    void followRoom({
      liveId: this.#liveId,
      isSignedIn: this.#me !== 0,
      signal,
      refresh: () => this.refresh(signal),
      seq: () => this.#view.seq,
      isStale: () => this.#view.isStale,
      hasEnded: () => this.#view.hasEnded,
      onBatch: (batch) => this.#take(batch),
      onState: (connection, refusal) => {
        this.#change({ connection, refusal: refusal ?? null, ...(refusal === "live.banned" && { isBanned: true }) });
      },
      onSocket: (socket) => {
        this.#socket = socket;
        this.#likes.flush();
      },
    });
  }

  /** Reads the room as it is now. */
  async refresh(signal?: AbortSignal): Promise<void> {
    const path = { id: this.#liveId };
    const [{ list }, { message }, settings] = await Promise.all([
      ask("live.messages", { path, query: { page_size: 100 }, signal }),
      ask("live.pinned", { path, signal }),
      ask("live.chat", { path, signal }),
    ]);
    this.#change(withSnapshot(this.#view, { messages: list, pinned: message, settings }));
  }

  addOwnMessage(message: LiveMessage): void {
    this.#change(withSaid(this.#view, message));
  }

  setMuted(untilMs: number): void {
    this.#change({ mutedUntilMs: untilMs });
  }

  like(): void {
    this.#change({ ownLikes: this.#view.ownLikes + 1 });
    this.#likes.add();
  }

  #take(batch: Batch): void {
    const feed = withBatch(this.#view, batch, this.#me);
    const hasTotal = batch.frames.some(({ type }) => type === "like");
    this.#change({ ...feed, ...(hasTotal && { ownLikes: 0 }) });
    for (const frame of batch.frames) this.#frameListeners.notify(frame);
  }

  #change(part: Partial<RoomView>): void {
    this.#view = { ...this.#view, ...part };
    this.#viewListeners.notify();
  }
}

/** Follows a room while it is on. `me` is undefined while it is not known who looks. */
export function useRoomStore(liveId: number, me: number | undefined, isOn: boolean): RoomStore {
  const [store, setStore] = useState(() => new RoomStore(liveId, me ?? 0));
  useEffect(() => {
    if (me === undefined) return undefined;
    const next = new RoomStore(liveId, me);
    const stopping = new AbortController();
    setStore(next);
    if (isOn) next.follow(stopping.signal);
    else void next.refresh(stopping.signal).catch(() => undefined);
    return () => stopping.abort();
  }, [liveId, me, isOn]);
  return store;
}

export const RoomContext = createContext<RoomStore | null>(null);

/** The room that the page is about. */
export function useFollowedRoom(): RoomStore {
  const store = useContext(RoomContext);
  if (store === null) throw new Error("this is shown outside of a room");
  return store;
}

/** A part of what is known of the room; the component is rendered when that part changes. */
export function useRoomView<Part>(part: (view: RoomView) => Part): Part {
  const store = useFollowedRoom();
  return useSyncExternalStore(store.watch, () => part(store.view()));
}
