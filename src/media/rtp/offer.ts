import { malformedRefusal, tooLargeRefusal, unsupportedRefusal } from "../frames/ingest-refusal.ts";

/** Browsers send some 8 kB. */
export const offerBytesMax = 64 * 1024;
const linesMax = 2_000;
const sectionsMax = 4;

/** An offer that can be answered. */
export interface TakenOffer {
  /** With one payload type of H.264 and one of Opus, and without candidates. */
  readonly sdp: string;
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
}

/**
 * Reads the offer of a browser or an encoder (RFC 8829, RFC 9725 §4.2). Candidates are left out: this side answers where
 * checks come from, so that an offer cannot make it send anywhere. @throws IngestRefusal
 */
export function readOffer(text: string, direction: "sends" | "receives"): TakenOffer {
  if (text.length > offerBytesMax) throw tooLargeRefusal("the offer is too large");
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  if (lines.length > linesMax) throw tooLargeRefusal("the offer has too many lines");
  if (lines[0] !== "v=0" || lines.some((line) => !/^[a-z]=[\x20-\xff]*$/.test(line)))
    throw malformedRefusal("the body is not an offer of SDP");
  const starts = lines.flatMap((line, at) => (line.startsWith("m=") ? [at] : []));
  const [first] = starts;
  if (first === undefined) throw malformedRefusal("the offer has no media");
  if (starts.length > sectionsMax) throw tooLargeRefusal("the offer has too many media");
  const session = lines.slice(0, first);
  const sections = starts.map((start, n) => takenSection(lines.slice(start, starts[n + 1]), direction, session));
  const count = (kind: string): number => sections.filter((section) => section.kind === kind).length;
  if (count("video") > 1 || count("audio") > 1) throw unsupportedRefusal("one picture and one sound are taken");
  const sdp = [...session.filter(isKept), ...sections.flatMap((section) => section.lines), ""].join("\r\n");
  return { sdp, hasVideo: count("video") > 0, hasAudio: count("audio") > 0 };
}

const isKept = (line: string): boolean => !/^a=(?:candidate|end-of-candidates|remote-candidates)/.test(line);

interface Section {
  readonly kind: string;
  readonly lines: readonly string[];
}

function takenSection(lines: readonly string[], direction: "sends" | "receives", session: readonly string[]): Section {
  const [media = ""] = lines;
  const [, kind = "", head = "", list = ""] =
    /^m=(audio|video) (\d{1,5} (?:UDP\/TLS|TCP\/DTLS)\S* )([\d ]{1,400})$/.exec(media) ?? [];
  if (kind === "") throw unsupportedRefusal("an offer has pictures and sound, and nothing else");
  const all = [...session, ...lines];
  for (const name of ["ice-ufrag", "ice-pwd", "fingerprint"])
    if (!all.some((line) => line.startsWith(`a=${name}:`))) throw malformedRefusal(`the offer has no ${name}`);
  const wrong = direction === "sends" ? /^a=(?:recvonly|inactive)$/ : /^a=(?:sendonly|inactive)$/;
  if (lines.some((line) => wrong.test(line)))
    throw unsupportedRefusal(`the offer does not ${direction.slice(0, -1)} its media`);
  const offered = list.split(" ").filter((type) => type !== "");
  const type = kind === "video" ? h264Type(lines, offered) : opusType(lines, offered);
  if (type === undefined)
    throw unsupportedRefusal(kind === "video" ? "pictures are taken as H.264 alone" : "sound is taken as Opus alone");
  const kept = lines.slice(1).filter((line) => {
    const [, other] = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /.exec(line) ?? [];
    return isKept(line) && (other === undefined || other === type);
  });
  return { kind, lines: [`m=${kind} ${head}${type}`, ...kept] };
}

const typesOf = (lines: readonly string[], name: RegExp, offered: readonly string[]): string[] =>
  lines.flatMap((line) => {
    const [, type = "", codec = ""] = /^a=rtpmap:(\d+) (\S+)/.exec(line) ?? [];
    return name.test(codec) && offered.includes(type) ? [type] : [];
  });

const opusType = (lines: readonly string[], offered: readonly string[]): string | undefined =>
  typesOf(lines, /^opus\/48000\/2$/i, offered)[0];

/** Packets of many sizes (RFC 6184 §6.2) are needed; constrained baseline is preferred, which every browser decodes. */
function h264Type(lines: readonly string[], offered: readonly string[]): string | undefined {
  const types = typesOf(lines, /^H264\/90000$/i, offered).map((type) => ({
    type,
    parameters: lines.find((line) => line.startsWith(`a=fmtp:${type} `)) ?? "",
  }));
  const fitting = types.filter(({ parameters }) => /packetization-mode=1/.test(parameters));
  return (fitting.find(({ parameters }) => /profile-level-id=42e0/i.test(parameters)) ?? fitting[0])?.type;
}
