import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Format, Frame } from "../frames/frame.ts";
import { avcC, hvcC } from "../flv/testing.ts";
import { Amf0Reader, type Amf0Value, EcmaArray, encodeAmf0 } from "../flv/amf0.ts";
import { ChunkReader, pendingBytesMax } from "./chunk-reader.ts";
import type { Message } from "./message.ts";
import type { StreamFacts } from "./metadata.ts";
import { RtmpSession } from "./session.ts";
import type { PublishDecision, PublishRequest, SessionEnd } from "./session-parts.ts";
import { PublisherChunks, unbounded } from "./testing.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("the handshake", () => {
  it("answers version, random bytes and an echo, however the bytes are cut", () => {
    for (const size of [1, 700, 1537, 4000]) {
      const peer = new Peer();
      const c1 = Buffer.alloc(1536, 7);
      peer.inPieces(Buffer.concat([Buffer.from([3]), c1, Buffer.alloc(1536, 9)]), size);
      const answer = Buffer.concat(peer.sent);
      assert.equal(answer.length, 1 + 2 * 1536);
      assert.equal(answer[0], 3);
      assert.deepEqual(answer.subarray(1, 9), Buffer.alloc(8));
      assert.deepEqual(answer.subarray(9, 1537), Buffer.alloc(1528, 5));
      assert.deepEqual(answer.subarray(1537), c1);
      assert.equal(peer.session.phase, "open");
    }
  });

  it("refuses another protocol at its first byte", () => {
    for (const [start, kind] of [
      ["GET / HTTP/1.1\r\n", "malformed"],
      ["\x16\x03\x01", "unsupported"],
      ["\x06", "unsupported"],
    ] as const) {
      const peer = new Peer();
      peer.session.receive(Buffer.from(start, "latin1"));
      assert.equal(peer.end?.kind, kind);
      assert.equal(peer.sent.length, 0);
    }
  });
});

describe("the work of a connection is bounded", () => {
  it("ends a connection that sends messages without a payload before its stream is accepted", async () => {
    const peer = await peerAt("shaken");
    peer.session.receive(Buffer.concat([hex("03 000000 000000 03 00000000"), Buffer.alloc(65_536, 0xc3)]));
    assert.equal(peer.end?.kind, "too_large");
  });

  it("ends a publisher that sends more messages than any encoder, and none that is slower", async () => {
    const [fast, slow] = [await published(), await published()];
    const acknowledgements = hex("03 000000 000000 03 00000000");
    for (const peer of [fast, slow]) peer.session.receive(acknowledgements);
    for (let second = 0; second < 10; second++) {
      slow.spareChunks = 4_000;
      for (const peer of [fast, slow]) peer.session.receive(Buffer.alloc(1_500, 0xc3));
    }
    assert.deepEqual([fast.end?.kind, slow.end], ["too_large", undefined]);
  });

  it("ends a publisher whose aggregates hold more empty messages than any encoder sends", async () => {
    const peer = await published();
    const part = hex("03 000000 000000 00 000000 00000000");
    peer.send(22, Buffer.concat(Array.from({ length: 10_000 }, () => part)));
    assert.equal(peer.end?.kind, "too_large");
  });

  it("lets an encoder send chunks of 128 bytes at any bit rate", async () => {
    const peer = await published();
    peer.send(9, hex(`17 00 000000 ${avcC}`));
    for (let n = 0; n < 200; n++) peer.send(9, Buffer.concat([hex("27 01 000000"), Buffer.alloc(60_000)]), n);
    assert.equal(peer.end, undefined);
  });
});

describe("a publisher", () => {
  it("connects, creates a stream and publishes it, in the order of OBS and FFmpeg", async () => {
    const peer = new Peer();
    peer.shake();
    peer.command("connect", 1, object({ app: "live/", tcUrl: "rtmp://host/live/", objectEncoding: 0 }));
    assert.deepEqual(
      peer
        .received()
        .map(({ type, payload }) => (type === 20 ? commandOf(payload)[0] : `${type} ${payload.toString("hex")}`)),
      ["5 002625a0", "6 002625a002", "_result"],
    );
    peer.command("releaseStream", 2, null, "key");
    peer.command("FCPublish", 3, null, "key");
    peer.command("createStream", 4, null);
    peer.command("_checkbw", 5, null);
    assert.deepEqual(peer.commands(), [
      ["_result", 2, null, undefined],
      ["_result", 3, null, undefined],
      ["onFCPublish", 0, null, object({ level: "status", code: "NetStream.Publish.Start" })],
      ["_result", 4, null, 1],
      [
        "_error",
        5,
        null,
        object({ level: "error", code: "NetConnection.Call.Failed", description: "The command is not known." }),
      ],
    ]);
    peer.command("publish", 6, null, "key?token=a=b", "live");
    assert.deepEqual(peer.requests, [
      { app: "live", key: "key", query: "token=a=b", mode: "live", address: "rtmp://host/live/" },
    ]);
    assert.equal(peer.isPaused, true);
    await peer.answer({ ok: true });
    assert.equal(peer.isPaused, false);
    assert.equal(peer.session.phase, "publishing");
    assert.deepEqual(peer.codes(), ["NetStream.Publish.Start"]);
    peer.command("FCUnpublish", 7, null, "key");
    assert.equal(peer.session.phase, "publishing");
    peer.command("deleteStream", 8, null, 1);
    assert.equal(peer.end?.kind, "finished");
  });

  it("learns of Enhanced RTMP where it knows it", () => {
    const answerTo = (properties: Record<string, Amf0Value>): Amf0Value => {
      const peer = new Peer();
      peer.shake();
      peer.command("connect", 1, object({ app: "live", ...properties }));
      return peer.commands()[0]?.[2];
    };
    const [plain, enhanced] = [answerTo({}), answerTo({ fourCcList: ["av01", "hvc1"] })];
    assert.ok(plain instanceof Map && enhanced instanceof Map);
    assert.equal(plain.has("fourCcList"), false);
    assert.deepEqual(enhanced.get("fourCcList"), ["avc1", "hvc1", "av01", "mp4a", "Opus"]);
    assert.ok(enhanced.get("videoFourCcInfoMap") instanceof Map);
  });

  it("yields facts, formats and frames, also out of aggregates and in commands for AMF3", async () => {
    const peer = await published();
    const facts = new EcmaArray([
      ["encoder", "obs-output module\u0007 (libobs)"],
      ["width", 320],
      ["height", Number.NaN],
      ["framerate", 30],
      ["videodatarate", Number.POSITIVE_INFINITY],
      ["audiodatarate", 160],
    ]);
    peer.send(18, encodeAmf0("@setDataFrame", "onMetaData", facts));
    peer.send(15, Buffer.concat([Buffer.from([0]), encodeAmf0("onMetaData", object({ width: 640 }))]));
    peer.send(18, encodeAmf0("onTextData", 1));
    assert.deepEqual(peer.facts, [
      { encoder: "obs-output module (libobs)", width: 320, frameRate: 30, audioBitrateKbps: 160 },
      { width: 640 },
    ]);
    peer.send(9, hex(`17 00 000000 ${avcC}`), 0);
    peer.send(8, hex("af 00 1190"), 0);
    peer.send(9, hex("17 01 000000 00000001 65"), 1000);
    peer.send(
      22,
      hex("08 000004 000000 00 000000 af01a1a2 0000000f 08 000004 000015 00 000000 af01b1b2 0000000f"),
      2000,
    );
    assert.deepEqual(
      peer.media.map((one) => ("config" in one ? one.codec : [one.kind, one.pts / 90])),
      ["h264", "aac", ["video", 1000], ["audio", 2000], ["audio", 2021]],
    );
  });

  it("continues where its clock begins again after 49 days", async () => {
    const peer = await published();
    peer.send(8, hex("af 00 1190"), 0xff_ff_ff_f0);
    peer.send(8, hex("af 01 a1"), 0xff_ff_ff_f0);
    peer.send(8, hex("af 01 a2"), 0x07);
    assert.deepEqual(
      peer.media.slice(1).map((one) => "pts" in one && one.pts / 90),
      [0xff_ff_ff_f0, 0xff_ff_ff_f0 + 23],
    );
  });

  it("is answered when it pings, and acknowledged in each window", async () => {
    const peer = await published();
    peer.send(4, hex("0006 01020304"));
    assert.deepEqual(peer.received(), [{ type: 4, streamId: 0, timestamp: 0, payload: hex("0007 01020304") }]);
    peer.send(5, hex("00001000"));
    peer.received();
    const start = peer.session.bytesReceived;
    peer.send(9, hex(`17 00 000000 ${avcC}`));
    for (let n = 0; n < 40; n++) peer.send(9, Buffer.concat([hex("27 01 000000 000001f0"), Buffer.alloc(496, 1)]));
    const acknowledged = peer.received().map(({ type, payload }) => {
      assert.equal(type, 3);
      return payload.readUInt32BE();
    });
    const total = peer.session.bytesReceived - start;
    assert.ok(
      acknowledged.length >= Math.floor(total / 8192) && acknowledged.length <= total / 4096 + 1,
      `${acknowledged.length}`,
    );
    for (const [n, bytes] of acknowledged.entries())
      assert.ok(bytes <= peer.session.bytesReceived && (n === 0 || bytes - (acknowledged[n - 1] ?? 0) >= 4096));
  });
});

describe("while publish is being answered", () => {
  it("bytes wait, and are taken in their order afterwards", async () => {
    const peer = await created();
    const publish = peer.bytesOf(20, encodeAmf0("publish", 5, null, "key", "live"));
    const config = peer.bytesOf(9, hex(`17 00 000000 ${avcC}`));
    const key = peer.bytesOf(9, hex("17 01 000000 00000001 65"), 40);
    const later = peer.bytesOf(9, hex("27 01 000000 00000001 41"), 80);
    peer.session.receive(Buffer.concat([publish, config, key.subarray(0, 10)]));
    peer.session.receive(key.subarray(10));
    peer.session.receive(later);
    assert.equal(peer.media.length, 0);
    await peer.answer({ ok: true });
    assert.deepEqual(
      peer.media.map((one) => ("dts" in one ? one.dts / 90 : one.kind)),
      ["video", 40, 80],
    );
    assert.equal(peer.session.bufferedBytes, 0);
  });

  it("bytes above the bound end the session", async () => {
    const peer = await created();
    peer.command("publish", 5, null, "key", "live");
    for (let n = 0; n < 5000 && peer.end === undefined; n++) {
      peer.session.receive(Buffer.alloc(1));
      assert.ok(peer.session.bufferedBytes <= 2 ** 20 + 257);
    }
    assert.equal(peer.end?.kind, "too_large");
    await peer.answer({ ok: true });
    assert.equal(peer.session.phase, "ended");
  });

  it("a refusal is sent with its sentence, and a failure of the server ends the session as a fault", async () => {
    const refused = await created();
    refused.command("publish", 5, null, "key", "live");
    await refused.answer({ ok: false, sentence: "the stream key is not known" });
    assert.deepEqual(refused.end, { kind: "refused", sentence: "the stream key is not known" });
    const [, , , notice] = refused.commands()[0] ?? [];
    assert.deepEqual(
      notice,
      object({ level: "error", code: "NetStream.Publish.BadName", description: "the stream key is not known" }),
    );
    const failed = await created();
    failed.command("publish", 5, null, "key", "live");
    await failed.fail(new Error("database"));
    assert.equal(failed.end?.kind, "fault");
    assert.deepEqual(failed.codes(), ["NetStream.Failed"]);
  });

  it("a connection that closes is closed once, and the answer changes nothing", async () => {
    const peer = await created();
    peer.command("publish", 5, null, "key", "live");
    peer.session.close();
    assert.equal(peer.end?.kind, "closed");
    await peer.answer({ ok: true });
    assert.equal(peer.session.phase, "ended");
    assert.deepEqual(peer.codes(), []);
  });
});

describe("a session ends", () => {
  it("as out of order where a message comes before what must precede it", async () => {
    for (const [phase, act] of [
      ["shaken", (peer: Peer) => peer.command("createStream", 1, null)],
      ["shaken", (peer: Peer) => peer.command("publish", 1, null, "key")],
      ["shaken", (peer: Peer) => peer.send(9, hex("17 01 000000 00"))],
      ["connected", (peer: Peer) => peer.command("publish", 2, null, "key")],
      ["connected", (peer: Peer) => peer.command("connect", 2, object({ app: "live" }))],
      ["created", (peer: Peer) => peer.send(8, hex("af 01 a1"))],
      ["created", (peer: Peer) => peer.send(18, encodeAmf0("onMetaData", null))],
      ["published", (peer: Peer) => peer.command("publish", 9, null, "other")],
    ] as const) {
      const peer = await peerAt(phase);
      act(peer);
      assert.equal(peer.end?.kind, "order", `${phase}: ${act.toString()}`);
    }
  });

  it("as refused where it wants to play, has no key or an unknown way to publish, and where the owner stops it", async () => {
    for (const [act, code] of [
      [(peer: Peer) => peer.command("play", 5, null, "key"), "NetStream.Play.Failed"],
      [(peer: Peer) => peer.command("publish", 5, null, "?a=b", "live"), "NetStream.Publish.BadName"],
      [(peer: Peer) => peer.command("publish", 5, null, "key", "loop"), "NetStream.Publish.BadName"],
      [(peer: Peer) => peer.session.stop("an administrator ended the stream"), "NetStream.Failed"],
    ] as const) {
      const peer = await created();
      act(peer);
      assert.equal(peer.end?.kind, "refused");
      assert.deepEqual(peer.codes(), [code]);
    }
  });

  it("as unsupported with a sentence for the publisher where the codec is not taken", async () => {
    const peer = await published();
    peer.send(9, hex("24 00"));
    assert.equal(peer.end?.kind, "unsupported");
    assert.match(peer.end?.sentence ?? "", /VP6/);
    assert.deepEqual(peer.codes(), ["NetStream.Failed"]);
  });

  it("as malformed where bytes contradict the protocol", async () => {
    for (const act of [
      (peer: Peer) => peer.session.receive(hex("c7")),
      (peer: Peer) => peer.send(20, hex("00")),
      (peer: Peer) => peer.send(20, encodeAmf0(null, 1)),
      (peer: Peer) => peer.send(20, encodeAmf0("connect", Number.NaN)),
      (peer: Peer) => peer.send(5, hex("00")),
      (peer: Peer) => peer.send(4, hex("00")),
      (peer: Peer) => peer.send(18, hex("02 0010 61")),
      (peer: Peer) => peer.send(9, hex("17 00 000000 01")),
      (peer: Peer) => peer.send(22, hex("08 0000")),
    ]) {
      const peer = await published();
      act(peer);
      assert.equal(peer.end?.kind, "malformed", act.toString());
    }
  });

  it("as too large where a command, or media before publish, exceeds its bound", async () => {
    const shaken = await peerAt("shaken");
    shaken.session.receive(hex("04 000000 010001 14 00000000"));
    assert.equal(shaken.end?.kind, "too_large");
    const before = await created();
    before.session.receive(hex("04 000000 010001 09 01000000"));
    assert.equal(before.end?.kind, "too_large");
    const after = await published();
    after.session.receive(hex("04 000000 010001 09 01000000"));
    assert.equal(after.end, undefined);
    const long = await peerAt("shaken");
    long.command("connect", 1, object({ app: "a".repeat(257) }));
    assert.equal(long.end?.kind, "too_large");
    const greedy = await peerAt("connected");
    for (let n = 0; n < 17; n++) greedy.command("createStream", n + 2, null);
    assert.equal(greedy.end?.kind, "too_large");
  });

  it("as a fault with its cause where its owner throws, and receives nothing afterwards", async () => {
    const peer = await published();
    peer.error = new Error("listener");
    peer.send(9, hex(`17 00 000000 ${avcC}`));
    assert.deepEqual(peer.end, { kind: "fault", sentence: "the server failed, try again", cause: peer.error });
    peer.send(9, hex("ff"));
    peer.session.close();
    assert.equal(peer.ends, 1);
  });

  it("as a fault where its connection cannot be written to", async () => {
    const peer = await published();
    peer.sent.push = () => {
      throw new Error("the socket is gone");
    };
    peer.send(4, hex("0006 01020304"));
    assert.equal(peer.end?.kind, "fault");
  });

  it("within an aggregate when its owner stops it", async () => {
    const peer = await published();
    peer.send(8, hex("af 00 1190"));
    peer.onMedia = () => peer.session.stop("enough");
    peer.send(22, hex("08 000003 000000 00 000000 af01a1 0000000e 08 000003 000015 00 000000 af01b1 0000000e"));
    assert.equal(peer.media.length, 2);
    assert.equal(peer.ends, 1);
  });
});

/** Seeds under which properties failed once are run again first. */
const seeds = [1, 20_261_127, 777];

it("takes any change of a valid stream without an error thrown, times that are no numbers, or unbounded memory", async () => {
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
  const size = fc.integer({ min: 1, max: 5000 });
  for (const seed of seeds)
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), size, async (changes, pieceSize) => {
        const peer = new Peer({ ok: true });
        const bytes = wholeStream();
        for (const { at, byte } of changes) bytes[3073 + (at % (bytes.length - 3073))] = byte;
        for (let at = 0; at < bytes.length; at += pieceSize) {
          peer.session.receive(bytes.subarray(at, at + pieceSize));
          if (peer.isPaused) await Promise.resolve().then(() => undefined);
          assert.ok(peer.session.bufferedBytes <= pendingBytesMax + 2 ** 20 + 5256);
        }
        await Promise.resolve();
        assert.ok(peer.end?.kind !== "fault", String(peer.end?.cause));
        for (const one of peer.media) if (!("config" in one)) assertTimes(one);
      }),
      { numRuns: 60, seed },
    );
});

it("yields the same frames however the bytes of a stream are cut", async () => {
  const outcomes = [];
  for (const size of [1, 13, 1000, 100_000]) {
    const peer = new Peer({ ok: true });
    const bytes = wholeStream();
    for (let at = 0; at < bytes.length; at += size) {
      peer.session.receive(bytes.subarray(at, at + size));
      if (peer.isPaused) await new Promise(setImmediate);
    }
    assert.equal(peer.end?.kind, "finished");
    outcomes.push(peer.media);
  }
  assert.equal(outcomes[0]?.length, 2 + 30 + 30);
  for (const media of outcomes) assert.deepEqual(media, outcomes[0]);
});

function assertTimes(frame: Frame): void {
  assert.ok(Number.isSafeInteger(frame.pts) && frame.pts >= 0, String(frame.pts));
  if (frame.kind === "video") assert.ok(Number.isSafeInteger(frame.dts) && frame.dts >= 0 && frame.dts <= frame.pts);
}

/** All that a publisher sends, from the handshake to the end of its stream. */
function wholeStream(): Buffer {
  const chunks = new PublisherChunks(128, true);
  const parts: Buffer[] = [Buffer.from([3]), Buffer.alloc(2 * 1536, 7)];
  const add = (id: number, type: number, payload: Buffer, timestamp = 0): void => {
    parts.push(...chunks.chunks(id, { type, streamId: type === 20 ? 0 : 1, timestamp, payload }));
  };
  add(3, 20, encodeAmf0("connect", 1, object({ app: "live", tcUrl: "rtmp://host/live", fourCcList: ["hvc1"] })));
  add(3, 20, encodeAmf0("createStream", 2, null));
  add(3, 20, encodeAmf0("publish", 3, null, "key", "live"));
  add(4, 18, encodeAmf0("@setDataFrame", "onMetaData", new EcmaArray([["width", 322]])));
  add(6, 9, hex(`90 68766331 ${hvcC}`));
  add(4, 8, hex("af 00 1190"));
  for (let n = 0; n < 30; n++) {
    add(
      6,
      9,
      Buffer.concat([hex(n % 10 === 0 ? "91" : "a1"), hex("68766331 000028 000000fa"), Buffer.alloc(250, n)]),
      n * 40,
    );
    add(4, 8, Buffer.concat([hex("af 01"), Buffer.alloc(40, n)]), n * 40 + 10);
  }
  add(3, 20, encodeAmf0("deleteStream", 4, null, 1));
  return Buffer.concat(parts);
}

class Peer {
  readonly sent: Buffer[] = [];
  readonly requests: PublishRequest[] = [];
  readonly media: (Format | Frame)[] = [];
  readonly facts: StreamFacts[] = [];
  end: SessionEnd | undefined;
  ends = 0;
  isPaused = false;
  error: Error | undefined;
  onMedia: (() => void) | undefined;
  spareChunks = 4_000;
  readonly session: RtmpSession;
  readonly #decision = Promise.withResolvers<PublishDecision>();
  readonly #chunks = new PublisherChunks(128, true);
  readonly #answers = new ChunkReader(() => 2 ** 20, unbounded);

  /** `decision` answers `publish` when it is asked; else `answer` or `fail` does. */
  constructor(decision?: PublishDecision) {
    if (decision !== undefined) this.#decision.resolve(decision);
    this.session = new RtmpSession({
      send: (bytes) => void this.sent.push(bytes),
      end: (end) => {
        this.end = end;
        this.ends++;
      },
      publish: (request) => {
        this.requests.push(request);
        return this.#decision.promise;
      },
      format: (format) => this.#take(format),
      frame: (frame) => this.#take(frame),
      metadata: (facts) => void this.facts.push(facts),
      pause: (isPaused) => {
        this.isPaused = isPaused;
      },
      random: (bytes) => Buffer.alloc(bytes, 5),
      spendSpareChunk: () => this.spareChunks-- > 0,
    });
  }

  #take(one: Format | Frame): void {
    if (this.error !== undefined) throw this.error;
    this.media.push(one);
    this.onMedia?.();
  }

  inPieces(bytes: Buffer, size: number): void {
    for (let at = 0; at < bytes.length; at += size) this.session.receive(bytes.subarray(at, at + size));
  }

  shake(): void {
    this.session.receive(Buffer.concat([Buffer.from([3]), Buffer.alloc(2 * 1536)]));
    this.sent.length = 0;
  }

  bytesOf(type: number, payload: Buffer, timestamp = 0): Buffer {
    return Buffer.concat(this.#chunks.chunks(type === 20 ? 3 : 4, { type, streamId: 1, timestamp, payload }));
  }

  send(type: number, payload: Buffer, timestamp = 0): void {
    this.session.receive(this.bytesOf(type, payload, timestamp));
  }

  command(...values: Amf0Value[]): void {
    this.send(20, encodeAmf0(...values));
  }

  async answer(decision: PublishDecision): Promise<void> {
    this.#decision.resolve(decision);
    await new Promise(setImmediate);
  }

  async fail(error: Error): Promise<void> {
    this.#decision.reject(error);
    await new Promise(setImmediate);
  }

  /** Messages that were sent to the publisher since the last time. */
  received(): Message[] {
    return this.sent.splice(0).flatMap((bytes) => [...this.#answers.read(bytes)]);
  }

  commands(): Amf0Value[][] {
    return this.received().flatMap(({ type, payload }) => (type === 20 ? [commandOf(payload)] : []));
  }

  /** The codes of statuses that were sent since the last time. */
  codes(): Amf0Value[] {
    return this.commands().map(([, , , notice]) => (notice instanceof Map ? notice.get("code") : undefined));
  }
}

async function peerAt(phase: "shaken" | "connected" | "created" | "published"): Promise<Peer> {
  const peer = new Peer();
  peer.shake();
  if (phase !== "shaken") peer.command("connect", 1, object({ app: "live" }));
  if (phase === "created" || phase === "published") peer.command("createStream", 2, null);
  if (phase === "published") {
    peer.command("publish", 3, null, "key", "live");
    await peer.answer({ ok: true });
    assert.equal(peer.session.phase, "publishing");
  }
  peer.received();
  return peer;
}

const created = (): Promise<Peer> => peerAt("created");
const published = (): Promise<Peer> => peerAt("published");
const object = (properties: Record<string, Amf0Value>): Map<string, Amf0Value> => new Map(Object.entries(properties));

function commandOf(payload: Buffer): Amf0Value[] {
  const reader = new Amf0Reader(payload);
  const values: Amf0Value[] = [];
  while (!reader.isAtEnd) values.push(reader.value());
  return values;
}
