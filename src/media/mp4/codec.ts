import { type Box, boxAt, Fields, find, Mp4Malformed } from "./box.ts";

/** RFC 6381 names of what a sample entry holds, as manifests and browsers spell them. */
export function codecOf(view: DataView, entry: Box, kind: "video" | "audio"): string {
  const inside = { ...entry, body: entry.body + (kind === "video" ? 78 : 28) };
  const config = (type: string): Fields => {
    const box = find(view, inside, type);
    if (box === undefined) throw new Mp4Malformed(`no ${type} in ${entry.type}`);
    return new Fields(view, box);
  };
  switch (entry.type) {
    case "avc1":
    case "avc3": {
      // ISO/IEC 14496-15 §5.3.3.1: profile, constraints and level follow the version.
      const avc = config("avcC").skip(1);
      return `${entry.type}.${[avc.u8(), avc.u8(), avc.u8()].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    }
    case "hvc1":
    case "hev1":
      return hevc(entry.type, config("hvcC"));
    case "av01":
      return av1(config("av1C"));
    case "vp09": {
      // VP Codec ISO Media File Format Binding §2: after version and flags.
      const vp = config("vpcC").skip(4);
      return ["vp09", vp.u8(), vp.u8(), vp.u8() >> 4].map((part) => String(part).padStart(2, "0")).join(".");
    }
    case "mp4a":
      return mpeg4Audio(config("esds"));
    case "Opus":
      return "opus";
    case "fLaC":
      return "flac";
    default:
      throw new Mp4Malformed(`samples of type ${entry.type} are not read here`);
  }
}

/** The first sample entry of an `stsd` box (§8.5.2). */
export function sampleEntry(view: DataView, stsd: Box): Box {
  return boxAt(view, stsd.body + 8, stsd.end);
}

/** ISO/IEC 14496-15 §E.3. */
function hevc(type: string, fields: Fields): string {
  const general = fields.skip(1).u8();
  const space = ["", "A", "B", "C"][general >> 6] ?? "";
  const flags = fields.u32();
  const reversed = Array.from({ length: 32 }, (_, n) => (flags >>> n) & 1).reduce((sum, bit) => sum * 2 + bit, 0);
  const constraints = Array.from({ length: 6 }, () => fields.u8());
  while (constraints.at(-1) === 0) constraints.pop();
  const tier = general & 0x20 ? "H" : "L";
  const parts = [type, `${space}${general & 31}`, reversed.toString(16).toUpperCase(), `${tier}${fields.u8()}`];
  return [...parts, ...constraints.map((byte) => byte.toString(16).toUpperCase())].join(".");
}

/** AV1 Codec ISO Media File Format Binding §5: `av01.P.LLT.DD`. */
function av1(fields: Fields): string {
  const first = fields.skip(1).u8();
  const second = fields.u8();
  const isHigh = (second & 0x40) !== 0;
  const depth = !isHigh ? 8 : first >> 5 === 2 && (second & 0x20) !== 0 ? 12 : 10;
  const level = String(first & 31).padStart(2, "0");
  return `av01.${first >> 5}.${level}${second & 0x80 ? "H" : "M"}.${String(depth).padStart(2, "0")}`;
}

/** How many channels AAC has; undefined where the header leaves it to the sound, and for other codecs. */
export function channelsOf(view: DataView, entry: Box): number | undefined {
  const esds = entry.type === "mp4a" ? find(view, { ...entry, body: entry.body + 28 }, "esds") : undefined;
  return esds && aacChannels(new Fields(view, esds));
}

/** ISO/IEC 14496-3 §1.6.2.1, Table 1.19: the configuration follows the object type and the sampling rate. */
function aacChannels(fields: Fields): number | undefined {
  if (toDecoder(fields) !== 0x40) return undefined;
  fields.skip(12);
  expectTag(fields, 5);
  const [first, second] = [fields.u8(), fields.u8()];
  const isPlain = first >> 3 !== 31 && (((first & 7) << 1) | (second >> 7)) !== 15;
  return isPlain ? channelCounts[(second >> 3) & 15] : undefined;
}
const channelCounts: readonly (number | undefined)[] = [undefined, 1, 2, 3, 4, 5, 6, 8];

/** ISO/IEC 14496-1 §7.2.6: down the descriptors to the object type, and for AAC to the audio object type. */
function mpeg4Audio(fields: Fields): string {
  const object = toDecoder(fields);
  if (object !== 0x40) return `mp4a.${object.toString(16)}`;
  fields.skip(12);
  expectTag(fields, 5);
  const first = fields.u8();
  const type = first >> 3;
  return `mp4a.40.${type === 31 ? 32 + ((first & 7) << 3) + (fields.u8() >> 5) : type}`;
}

/** Reads up to the object type of the decoder. */
function toDecoder(fields: Fields): number {
  fields.skip(4);
  expectTag(fields, 3);
  const flags = fields.skip(2).u8();
  if (flags & 0x80) fields.skip(2);
  if (flags & 0x40) fields.skip(fields.u8());
  if (flags & 0x20) fields.skip(2);
  expectTag(fields, 4);
  return fields.u8();
}

function expectTag(fields: Fields, tag: number): void {
  if (fields.u8() !== tag) throw new Mp4Malformed("the elementary stream descriptor is out of order");
  for (let bytes = 0; bytes < 4 && fields.u8() & 0x80; bytes++);
}
