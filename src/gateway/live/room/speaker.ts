import { type Call, type Id, KinoraError, newCall } from "#kernel";
import { live } from "#services/live/contract";
import { z } from "zod";
import type { ClientOf } from "../../client-of.ts";
import { namedViewersMax, type RoomHub } from "./hub.ts";
import { closes, type Member } from "./member.ts";

const waitMs = 10_000;
/** Frames of one connection in ten seconds; browsers send many candidates at the begin of a call. */
const framesMax = 120;
const framesMs = 10_000;
const textMax = 500;

const Frame = z.object({ type: z.string(), payload: z.unknown().optional() });
const Chat = z.object({ message: z.string() });
const Like = z.object({ count: z.number().optional() }).optional();
const To = z.object({ to: z.coerce.number().int().positive().optional() }).loose();

export interface SpeakerParts {
  readonly id: Id;
  readonly ownerId: Id;
  readonly member: Member;
  readonly hub: RoomHub;
  readonly client: ClientOf;
  /** The call that opened the connection. */
  readonly call: Call;
  /** Asks for the number of viewers for this connection. */
  readonly askOnline: () => void;
}

/**
 * Reads the messages of one viewer on a socket: text frames of the signalling protocol. A wrong one is answered with
 * `error`.
 */
export class Speaker {
  readonly #parts: SpeakerParts;
  #frames = 0;
  #framesSince = performance.now();

  constructor(parts: SpeakerParts) {
    this.#parts = parts;
  }

  /** Says that a viewer came or went, in a room that is small enough for names. */
  announce(kind: "user_joined" | "user_left"): void {
    const { hub, member } = this.#parts;
    if (hub.onlineCount > namedViewersMax) return;
    const { userId: user_id, username } = member.identity;
    this.#signal(kind, JSON.stringify({ user_id, username }));
  }

  read(text: string): void {
    if (this.#isTooMuch()) {
      this.#parts.member.close(closes.policy, "too many frames");
      return;
    }
    const frame = Frame.safeParse(parseJson(text));
    if (frame.success) this.#act(frame.data.type, frame.data.payload ?? {});
    else this.#refuse("this is not a message of the room");
  }

  #act(type: string, payload: unknown): void {
    const { hub, member } = this.#parts;
    switch (type) {
      case "join":
        this.#parts.askOnline();
        return;
      case "leave":
        member.close(closes.done, "left");
        return;
      case "ping":
        hub.sendTo(member, "pong", {});
        return;
      case "pong":
        return;
      case "chat":
        void this.#say(payload);
        return;
      case "like":
        this.#like(payload);
        return;
      case "offer":
      case "answer":
      case "ice":
        this.#relay(type, payload);
        return;
      default:
        this.#refuse("there is no such type");
    }
  }

  async #say(payload: unknown): Promise<void> {
    const chat = Chat.safeParse(payload);
    const text = chat.success ? chat.data.message : "";
    // Characters are counted as readers do: an emoji of two units is one.
    if (!/\S/u.test(text) || [...text].length > textMax) {
      this.#refuse(`a message has 1 to ${textMax} characters`);
      return;
    }
    const { client, id, hub, member } = this.#parts;
    try {
      const { isHeld } = await client(live).say({ id, content: text }, this.#call());
      if (isHeld) hub.sendTo(member, "held", { message: text });
    } catch (error) {
      if (error instanceof KinoraError) this.#refuse(error.message, error);
      else throw error;
    }
  }

  #like(payload: unknown): void {
    const like = Like.safeParse(payload);
    const count = like.success ? (like.data?.count ?? 1) : Number.NaN;
    if (!Number.isFinite(count) || count < 1) {
      this.#refuse("count is a number from 1 on");
      return;
    }
    const { hub, member } = this.#parts;
    hub.addLikes(member.identity, Math.floor(count));
  }

  /** To one viewer, from the owner to all, or from a viewer to the owner. */
  #relay(type: "offer" | "answer" | "ice", payload: unknown): void {
    const to = To.safeParse(payload);
    if (!to.success) {
      this.#refuse("to is the number of a user");
      return;
    }
    const { ownerId, member, hub } = this.#parts;
    const text = JSON.stringify(payload);
    if (!hub.maySignal(member.identity, text.length)) {
      this.#refuse("too much was sent to others in this room, wait a little");
      return;
    }
    const isOwner = member.identity.userId === ownerId;
    const toUserId = to.data.to ?? (isOwner ? undefined : ownerId);
    this.#signal(type, text, toUserId);
  }

  #signal(kind: "user_joined" | "user_left" | "offer" | "answer" | "ice", payload: string, toUserId?: Id): void {
    const { client, id, member } = this.#parts;
    const { username } = member.identity;
    const to = toUserId === undefined ? {} : { toUserId };
    client(live)
      .signal({ id, kind, username, payload, ...to }, this.#call())
      .catch((error: unknown) => {
        const reason = error instanceof KinoraError && error.kind === "denied" ? error : undefined;
        this.#refuse(reason?.message ?? "this could not be sent, try again", reason);
      });
  }

  #refuse(message: string, error?: KinoraError): void {
    const { hub, member } = this.#parts;
    hub.sendTo(member, "error", { message, ...(error && { code: error.code, details: error.details }) });
  }

  #isTooMuch(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#framesSince > framesMs) {
      this.#frames = 0;
      this.#framesSince = nowMs;
    }
    this.#frames += 1;
    return this.#frames > framesMax;
  }

  #call(): Call {
    const { userId, sessionId, role, source, unlock, traceId } = this.#parts.call;
    return newCall({
      waitMs,
      traceId,
      ...(userId !== undefined && { userId }),
      ...(sessionId !== undefined && { sessionId }),
      ...(role !== undefined && { role }),
      ...(source !== undefined && { source }),
      ...(unlock !== undefined && { unlock }),
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
