import { malformedRefusal, tooLargeRefusal } from "../frames/ingest-refusal.ts";
import { type Amf0Value, Amf0Reader } from "../flv/amf0.ts";
import { type Message, messageTypes } from "./message.ts";

/** A command message, decoded (RTMP 1.0 §7.2). */
export interface Command {
  readonly name: string;
  /** 0 where no answer is expected. */
  readonly transaction: number;
  readonly values: readonly Amf0Value[];
}

/** @throws IngestRefusal */
export function readCommand({ type, payload }: Message): Command {
  const reader = new Amf0Reader(withoutSelector(type, payload));
  const name = reader.value();
  const transaction = reader.isAtEnd ? 0 : reader.value();
  if (typeof name !== "string" || typeof transaction !== "number" || !Number.isFinite(transaction))
    throw malformedRefusal("a command has no name or no number");
  const values: Amf0Value[] = [];
  while (!reader.isAtEnd) values.push(reader.value());
  return { name, transaction, values };
}

/** Messages for AMF3 begin with the format of what follows, which is AMF0 until a marker (Enhanced RTMP v2, "AMF3"). */
export const withoutSelector = (type: number, payload: Buffer): Buffer =>
  type === messageTypes.commandAmf3 || type === messageTypes.dataAmf3 ? payload.subarray(1) : payload;

const appLengthMax = 256;
const keyLengthMax = 512;
const addressLengthMax = 2048;

/** The arguments of `connect`. */
export interface ConnectRequest {
  /** The first part of the address, without slashes around it and without query. */
  readonly app: string;
  readonly query: string | undefined;
  /** The address as the publisher wrote it. */
  readonly address: string;
  /** The publisher knows Enhanced RTMP. */
  readonly isEnhanced: boolean;
}

/** @throws IngestRefusal */
export function readConnect({ values: [properties] }: Command): ConnectRequest {
  if (!(properties instanceof Map)) throw malformedRefusal("the command connect names no application");
  const { path, query } = withoutQuery(text(properties.get("app"), appLengthMax));
  return {
    app: path.replaceAll(/^\/+|\/+$/g, ""),
    query,
    address: text(properties.get("tcUrl"), addressLengthMax),
    isEnhanced: properties.has("fourCcList") || properties.has("videoFourCcInfoMap"),
  };
}

/** The arguments of `publish`. */
export interface PublishCommand {
  readonly key: string;
  readonly query: string | undefined;
  /** `live` unless the publisher says otherwise. */
  readonly mode: string;
}

/** @throws IngestRefusal */
export function readPublish({ values: [, name, mode] }: Command): PublishCommand {
  const { path, query } = withoutQuery(text(name, keyLengthMax));
  return { key: path.trim(), query, mode: text(mode, 16) || "live" };
}

function text(value: Amf0Value, lengthMax: number): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw malformedRefusal("a command holds something else where text is due");
  if (value.length > lengthMax) throw tooLargeRefusal(`a text of a command has more than ${lengthMax} characters`);
  return value;
}

function withoutQuery(path: string): { path: string; query: string | undefined } {
  const at = path.indexOf("?");
  return at < 0 ? { path, query: undefined } : { path: path.slice(0, at), query: path.slice(at + 1) };
}
