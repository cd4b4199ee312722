import { FlvTracks } from "../flv/tracks.ts";
import { IngestRefusal, malformedRefusal, tooLargeRefusal } from "../frames/ingest-refusal.ts";
import { splitAggregate } from "./aggregate.ts";
import { ChunkBudget } from "./chunk-budget.ts";
import { ChunkReader } from "./chunk-reader.ts";
import {
  type Command,
  type ConnectRequest,
  readCommand,
  readConnect,
  readPublish,
  withoutSelector,
} from "./command.ts";
import { Handshake } from "./handshake.ts";
import { type Message, messageTypes } from "./message.ts";
import { streamFacts } from "./metadata.ts";
import { acknowledgement, amf0, command, connectReply, pingRequest, pong, publishStarted, status } from "./replies.ts";
import type { PublishDecision, SessionEnd, SessionParts } from "./session-parts.ts";

type Phase = "handshake" | "open" | "connected" | "asking" | "publishing" | "ended";

/** For bytes that arrive while `publish` is being answered; each piece counts with what it costs beside its bytes. */
const waitingBytesMax = 2 ** 20;
const pieceBytes = 256;
const windowBytesMin = 4096;
const windowBytesMax = 2 ** 31;
const streamsMax = 16;
const kibibyte = 1024;

/**
 * The server's side of one RTMP connection that publishes a stream: bytes in, frames out. Neither `receive` nor what
 * happens after the answer of `publish` throws; each fault ends the session with its reason.
 */
export class RtmpSession {
  readonly #parts: SessionParts;
  readonly #handshake: Handshake;
  readonly #chunks = new ChunkBudget();
  readonly #reader: ChunkReader;
  readonly #tracks = new FlvTracks();
  #phase: Phase = "handshake";
  /** Messages of the bytes last received; they wait while `publish` is being answered. */
  #messages: Generator<Message, void, undefined> | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #received = 0;
  #acknowledged = 0;
  #window = 2_500_000;
  #connect: ConnectRequest | undefined;
  #streams = 0;
  #isUnpublished = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#handshake = new Handshake((bytes) => parts.random(bytes));
    this.#reader = new ChunkReader(
      (type) => this.#bytesMax(type),
      () => this.#chunks.spend(),
    );
  }

  get phase(): Phase {
    return this.#phase;
  }

  get bytesReceived(): number {
    return this.#received;
  }

  /** Bytes that the session holds. */
  get bufferedBytes(): number {
    return this.#reader.pendingBytes + this.#waitingBytes;
  }

  /** The bytes must not change afterwards. */
  receive(bytes: Buffer): void {
    if (this.#phase === "ended") return;
    this.#received += bytes.length;
    this.#chunks.earn(bytes.length);
    this.#guard(() => {
      if (this.#phase === "asking") this.#wait(bytes);
      else this.#consume(bytes);
      this.#acknowledge();
    });
  }

  /** To be called when the connection has ended. */
  close(): void {
    if (this.#isUnpublished) this.#end({ kind: "finished", sentence: "the publisher ended the stream" });
    else this.#end({ kind: "closed", sentence: "the connection was closed" });
  }

  /** Ends the stream from this side, with a sentence for the publisher. */
  stop(sentence: string): void {
    this.#guard(() => this.#refuse("refused", sentence, "NetStream.Failed"));
  }

  #guard(work: () => void): void {
    if (this.#phase === "ended") return;
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const end: SessionEnd =
      error instanceof IngestRefusal
        ? { kind: error.kind, sentence: error.message }
        : { kind: "fault", sentence: "the server failed, try again", cause: error };
    // A publisher that is past `connect` can show why.
    if (this.#connect !== undefined) this.#sendLast(status(this.#streams, "error", "NetStream.Failed", end.sentence));
    this.#end(end);
  }

  /** A failure here may have been reported as an earlier one already. */
  #sendLast(bytes: Buffer): void {
    try {
      this.#parts.send(bytes);
    } catch {
      // The connection ends anyway.
    }
  }

  #refuse(kind: "refused" | "order", sentence: string, code: string): void {
    this.#parts.send(status(this.#streams, "error", code, sentence));
    this.#end({ kind, sentence });
  }

  #end(end: SessionEnd): void {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    this.#messages = undefined;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#parts.end(end);
  }

  /** The largest message of a type: media before `publish` is an error that needs no room. */
  #bytesMax(type: number): number {
    const isPublishing = this.#phase === "publishing";
    switch (type) {
      case messageTypes.video:
      case messageTypes.aggregate:
        return isPublishing ? 16 * kibibyte * kibibyte : 64 * kibibyte;
      case messageTypes.audio:
        return isPublishing ? kibibyte * kibibyte : 64 * kibibyte;
      default:
        return type <= messageTypes.setPeerBandwidth ? 64 : 64 * kibibyte;
    }
  }

  #wait(bytes: Buffer): void {
    this.#waitingBytes += bytes.length + pieceBytes;
    if (this.#waitingBytes > waitingBytesMax) throw tooLargeRefusal("too much was sent before the stream was accepted");
    this.#waiting.push(bytes);
  }

  #consume(bytes: Buffer): void {
    let unread: Buffer | undefined = bytes;
    if (this.#phase === "handshake") {
      const { answer, rest: behind } = this.#handshake.receive(bytes);
      if (answer !== undefined) this.#parts.send(answer);
      if (behind !== undefined) this.#phase = "open";
      unread = behind;
    }
    if (unread === undefined) return;
    this.#messages = this.#reader.read(unread);
    this.#drain();
  }

  /** Takes messages until the bytes are used up, an answer is awaited or the session has ended. */
  #drain(): void {
    while (this.#messages !== undefined) {
      const { done, value } = this.#messages.next();
      if (done === true) this.#messages = undefined;
      else this.#take(value);
      if (this.#phase === "asking") return;
    }
  }

  #acknowledge(): void {
    if (this.#phase === "ended" || this.#received - this.#acknowledged < this.#window) return;
    this.#acknowledged = this.#received;
    this.#parts.send(acknowledgement(this.#received));
  }

  #take(message: Message): void {
    const { type, payload } = message;
    switch (type) {
      case messageTypes.windowAcknowledgementSize:
        if (payload.length !== 4) throw malformedRefusal("the size of the window is cut off");
        this.#window = Math.min(windowBytesMax, Math.max(windowBytesMin, payload.readUInt32BE()));
        return;
      case messageTypes.userControl:
        if (payload.length < 2) throw malformedRefusal("a user control message is cut off");
        if (payload.readUInt16BE() === pingRequest) this.#parts.send(pong(payload.subarray(2, 6)));
        return;
      case messageTypes.commandAmf0:
      case messageTypes.commandAmf3:
        this.#command(readCommand(message));
        return;
      case messageTypes.audio:
      case messageTypes.video:
      case messageTypes.dataAmf0:
      case messageTypes.dataAmf3:
      case messageTypes.aggregate:
        if (this.#phase === "publishing") this.#media(message);
        else this.#refuse("order", "the stream was sent before it was published", "NetStream.Failed");
        return;
      default:
        // Acknowledgements, limits of the publisher's and shared objects change nothing here.
        return;
    }
  }

  #media(message: Message): void {
    const { type, timestamp, payload } = message;
    if (type === messageTypes.aggregate) {
      for (const part of splitAggregate(message)) {
        this.#chunks.spend();
        if (this.#phase === "publishing") this.#media(part);
      }
    } else if (type === messageTypes.dataAmf0 || type === messageTypes.dataAmf3) {
      const facts = streamFacts(withoutSelector(type, payload));
      if (facts !== undefined) this.#parts.metadata(facts);
    } else {
      const read = this.#tracks.read({ type, timestampMs: timestamp, body: payload });
      if (read === undefined) return;
      if ("config" in read) this.#parts.format(read);
      else this.#parts.frame(read);
    }
  }

  #command(received: Command): void {
    const { name, transaction } = received;
    if (name === "connect" && this.#phase === "open") {
      this.#connect = readConnect(received);
      this.#phase = "connected";
      this.#parts.send(connectReply(transaction, this.#connect.isEnhanced));
      return;
    }
    if (this.#phase === "open" || name === "connect") {
      this.#refuse(
        "order",
        `the command ${name === "connect" ? name : "before connect"} is out of order`,
        "NetConnection.Call.Failed",
      );
      return;
    }
    switch (name) {
      case "releaseStream":
        return this.#answer(transaction, undefined);
      case "FCPublish":
        this.#answer(transaction, undefined);
        return this.#parts.send(command(0, "onFCPublish", 0, null, notice("NetStream.Publish.Start")));
      case "createStream":
        return this.#createStream(transaction);
      case "publish":
        return this.#publish(received);
      case "play":
      case "play2":
        return this.#refuse("refused", "streams are not played by RTMP here", "NetStream.Play.Failed");
      case "FCUnpublish":
        this.#isUnpublished = this.#phase === "publishing";
        return this.#parts.send(command(0, "onFCUnpublish", 0, null, notice("NetStream.Unpublish.Success")));
      case "deleteStream":
      case "closeStream":
        if (this.#phase === "publishing") this.#end({ kind: "finished", sentence: "the publisher ended the stream" });
        return undefined;
      case "_result":
      case "_error":
      case "onStatus":
        return undefined;
      default:
        if (transaction !== 0) this.#parts.send(command(0, "_error", transaction, null, unknown));
        return undefined;
    }
  }

  #answer(transaction: number, value: number | undefined): void {
    this.#parts.send(command(0, "_result", transaction, null, value));
  }

  #createStream(transaction: number): void {
    if (this.#streams >= streamsMax) throw tooLargeRefusal(`more than ${streamsMax} streams were created`);
    this.#streams++;
    this.#answer(transaction, this.#streams);
  }

  #publish(received: Command): void {
    if (this.#phase !== "connected" || this.#connect === undefined || this.#streams === 0) {
      const sentence = this.#streams === 0 ? "publish came before createStream" : "the connection publishes already";
      return this.#refuse("order", sentence, "NetStream.Publish.BadName");
    }
    const { app, address, query: appQuery } = this.#connect;
    const { key, query = appQuery, mode } = readPublish(received);
    if (mode !== "live" && mode !== "record" && mode !== "append")
      return this.#refuse("refused", "a stream is published as live, record or append", "NetStream.Publish.BadName");
    if (key === "") return this.#refuse("refused", "the stream key is missing", "NetStream.Publish.BadName");
    this.#phase = "asking";
    this.#parts.pause(true);
    this.#parts.publish({ app, key, query, mode, address }).then(
      (decision) => this.#applyDecision(decision),
      (error: unknown) => this.#guard(() => this.#fail(error)),
    );
  }

  #applyDecision(decision: PublishDecision): void {
    this.#guard(() => {
      if (!decision.ok) return this.#refuse("refused", decision.sentence, "NetStream.Publish.BadName");
      this.#phase = "publishing";
      this.#chunks.publish(() => this.#parts.spendSpareChunk());
      this.#parts.send(publishStarted(this.#streams));
      this.#drain();
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      for (const bytes of waiting) if (this.phase === "publishing") this.#consume(bytes);
      if (this.phase === "publishing") this.#parts.pause(false);
    });
  }
}

const notice = (code: string) => amf0({ level: "status", code });
const unknown = amf0({ level: "error", code: "NetConnection.Call.Failed", description: "The command is not known." });
