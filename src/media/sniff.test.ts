import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mediaContainer, sniff } from "./sniff.ts";

test("each signature is recognized as its container, with the demuxer to open it", () => {
  for (const [bytes, mime, demuxer] of signatures) {
    const format = sniff(bytes);
    assert.equal(format?.mime, mime);
    assert.equal(format !== undefined && "demuxer" in format ? format.demuxer : undefined, demuxer);
  }
});

test("scripts, playlists and documents are not recognized, whatever they claim to be", () => {
  for (const words of texts) assert.equal(sniff(text(words)), undefined, words.slice(0, 30));
});

test("a GIF signature before a script is not recognized as a picture", () => {
  const scripts = [
    "GIF89a/*<script>alert(1)</script>*/",
    "GIF89a=1;alert(document.cookie)//////////////",
    "GIF89a       !function(){alert(1)}()",
  ];
  for (const script of scripts) assert.equal(sniff(text(script)), undefined, script);
});

test("an empty upload is refused as empty, and text and still pictures as unsupported", () => {
  assert.throws(() => mediaContainer(new Uint8Array(0)), { code: "media.empty" });
  assert.throws(() => mediaContainer(text("hello, I am text")), { code: "media.unsupported" });
  assert.throws(() => mediaContainer(png), { code: "media.unsupported" });
});

test("printable text is never recognized as a container", () => {
  const line = fc.string({ unit: "grapheme-ascii", minLength: 0, maxLength: 400 });
  const starts = fc.constantFrom(
    "",
    "ID3",
    "RIFF",
    "OggS",
    "GIF89a",
    "FLV",
    "fLaC",
    "    ftyp",
    "GGGG",
    "    moov",
    "GIF89a       !",
    "GIF89a       ,",
    "RIFF    AVI LIST    hdrl",
    "RIFF    WAVEfmt ",
    "RIFF    WEBPVP8 ",
  );
  fc.assert(fc.property(starts, line, (start, rest) => sniff(text(start + rest)) === undefined));
});

test("the sniffer never throws, wherever the bytes are cut", () => {
  const begun = fc.tuple(fc.constantFrom(...signatures.map(([bytes]) => bytes)), fc.nat(), fc.uint8Array());
  fc.assert(
    fc.property(begun, ([bytes, cut, rest]) => {
      sniff(bytes.subarray(0, cut % (bytes.length + 1)));
      sniff(new Uint8Array([...bytes.subarray(0, cut % (bytes.length + 1)), ...rest]));
    }),
  );
});

const text = (words: string): Uint8Array => Buffer.from(words, "latin1");
const bytes = (...parts: (string | number | readonly number[] | Uint8Array)[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === "string"
        ? Buffer.from(part, "latin1")
        : typeof part === "number"
          ? Buffer.alloc(part)
          : Buffer.from(part),
    ),
  );
const png = bytes("\x89PNG\r\n\x1a\n", [0, 0, 0, 13], "IHDR", 20);
const ebml = (name: string): Uint8Array =>
  bytes([0x1a, 0x45, 0xdf, 0xa3, 0x80 | (3 + name.length), 0x42, 0x82, 0x80 | name.length], name, 20);
const packet = bytes([0x47, 0x40, 0, 0x10], 184);
const adts = bytes([0xff, 0xf1, 0x50, 0x80, 0x01, 0x60, 0xfc], 4);
const mp3 = bytes([0xff, 0xfb, 0x90, 0x00], 413);
const signatures: [Uint8Array, string, string | undefined][] = [
  [bytes([0, 0, 0, 32], "ftypisom", 20), "video/mp4", "mov"],
  [bytes([0, 0, 0, 20], "ftypqt  ", 8), "video/quicktime", "mov"],
  [bytes([0, 0, 0, 20], "ftypM4A ", 8), "audio/mp4", "mov"],
  [bytes([0, 0, 0, 8], "wide", [0, 1, 0, 0], "mdat", 8), "video/quicktime", "mov"],
  [ebml("webm"), "video/webm", "matroska"],
  [ebml("matroska"), "video/x-matroska", "matroska"],
  [bytes(...Array.from({ length: 5 }, () => packet)), "video/mp2t", "mpegts"],
  [bytes([0, 0, 1, 0xba, 0x44], 10), "video/mpeg", "mpeg"],
  [bytes("RIFF", 4, "AVI LIST", [0xc0, 1, 0, 0], "hdrlavih"), "video/x-msvideo", "avi"],
  [bytes("RIFF", 4, "WAVEfmt ", [16, 0, 0, 0], 16), "audio/wav", "wav"],
  [bytes("RIFF", 4, "WEBPVP8 ", 16), "image/webp", undefined],
  [bytes("FLV\x01\x05", [0, 0, 0, 9], 8), "video/x-flv", "flv"],
  [bytes([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11], 16), "video/x-ms-asf", "asf"],
  [bytes("OggS", [0, 2], 20, [1, 19], "OpusHead", 11), "audio/ogg", "ogg"],
  [bytes("OggS", [0, 2], 20, [1, 42], "\x80theora", 35), "video/ogg", "ogg"],
  [bytes("fLaC", [0, 0, 0, 34], 34), "audio/flac", "flac"],
  [bytes("ID3", [3, 0, 0, 0, 0, 9, 0x67], 10), "audio/mpeg", "mp3"],
  [bytes(mp3, mp3), "audio/mpeg", "mp3"],
  [bytes(adts, adts), "audio/aac", "aac"],
  [bytes("GIF89a", [16, 0, 16, 0, 0, 0, 0, 0x2c], 9, [2]), "image/gif", "gif"],
  [bytes("GIF89a", [16, 0, 16, 0, 0, 0, 0, 0x21, 0xf9, 4], 8), "image/gif", "gif"],
  [bytes("GIF89a", [16, 0, 16, 0, 0, 0, 0, 0x21, 0xff, 11], "NETSCAPE2.0", 8), "image/gif", "gif"],
  [bytes("GIF89a", [16, 0, 16, 0, 0, 0, 0, 0x21, 0xfe, 5], "words", 8), "image/gif", "gif"],
  [png, "image/png", undefined],
  [bytes([0xff, 0xd8, 0xff, 0xe0], 12), "image/jpeg", undefined],
  [bytes([0, 0, 0, 28], "ftypavif", 16), "image/avif", undefined],
];
const texts = [
  "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n",
  "ffconcat version 1.0\nfile /etc/hostname\n",
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
  '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>http://127.0.0.1/</BaseURL></MPD>',
  "<!doctype html><script>alert(document.domain)</script>",
  "%PDF-1.7 and what follows in it",
  "#!/bin/sh\ncat /etc/passwd # nothing else",
];
