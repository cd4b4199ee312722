import { type Amf0Value, Amf0Reader } from "../flv/amf0.ts";

/** A publisher's description of its stream. Nothing depends on it: formats come from the stream itself. */
export interface StreamFacts {
  /** The publisher's program, at most 128 characters without control characters. */
  readonly encoder?: string;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Frames a second. */
  readonly frameRate?: number;
  readonly videoBitrateKbps?: number;
  readonly audioBitrateKbps?: number;
}

const encoderLengthMax = 128;
const numberMax = 1e9;

/** Reads a data message; undefined where it is no `onMetaData` (Adobe Flash Video File Format 10.1 §E.5). @throws IngestRefusal */
export function streamFacts(payload: Buffer): StreamFacts | undefined {
  const reader = new Amf0Reader(payload);
  let name = reader.value();
  if (name === "@setDataFrame" && !reader.isAtEnd) name = reader.value();
  if (name !== "onMetaData" || reader.isAtEnd) return undefined;
  const properties = reader.value();
  if (!(properties instanceof Map)) return undefined;
  const encoder = textOf(properties.get("encoder"));
  return {
    ...(encoder !== undefined && { encoder }),
    ...numbers(properties, {
      width: "width",
      height: "height",
      framerate: "frameRate",
      videodatarate: "videoBitrateKbps",
      audiodatarate: "audioBitrateKbps",
    }),
  };
}

function textOf(value: Amf0Value): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.replaceAll(/\p{C}/gu, "").trim();
  return Array.from(text).slice(0, encoderLengthMax).join("") || undefined;
}

const numbers = (
  properties: ReadonlyMap<string, Amf0Value>,
  names: Readonly<Record<string, keyof StreamFacts>>,
): StreamFacts =>
  Object.fromEntries(
    Object.entries(names).flatMap(([name, fact]) => {
      const value = properties.get(name);
      return typeof value === "number" && value > 0 && value <= numberMax ? [[fact, value]] : [];
    }),
  );
