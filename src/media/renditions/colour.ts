import type { VideoProbe } from "../source/probe.ts";

/** How numbers of a picture are colours, by FFmpeg's names. */
export interface Colours {
  readonly matrix: string;
  readonly primaries: string;
  readonly transfer: string;
  readonly isFullRange: boolean;
}

/** Renditions keep these; pictures of other matrices are converted to BT.709. */
const keptMatrices: ReadonlySet<string> = new Set(["bt709", "smpte170m", "bt470bg"]);
const keptPrimaries: ReadonlySet<string> = new Set(["bt709", "smpte170m", "bt470bg", "smpte240m", "smpte432"]);
const keptTransfers: ReadonlySet<string> = new Set(["bt709", "smpte170m", "bt470bg", "smpte240m", "iec61966-2-1"]);
/** Matrices that FFmpeg's `scale` converts, with its names of them. */
const scaledMatrices: Readonly<Record<string, string>> = {
  bt709: "bt709",
  smpte170m: "smpte170m",
  bt470bg: "bt470",
  fcc: "fcc",
  smpte240m: "smpte240m",
};
/** Matrices that zimg alone converts. */
const zimgMatrices: ReadonlySet<string> = new Set(["bt2020nc", "bt2020c", "ycgco"]);

type Described = Pick<
  VideoProbe,
  "codec" | "pixelFormat" | "width" | "height" | "matrix" | "primaries" | "transfer" | "isFullRange"
>;

export const isToneMapped = ({ transfer }: Pick<VideoProbe, "transfer">): boolean =>
  transfer === "smpte2084" || transfer === "arib-std-b67";

const isRgb = ({ pixelFormat }: Pick<VideoProbe, "pixelFormat">): boolean =>
  /^(?:gbr|rgb|bgr|argb|abgr|0rgb|0bgr|pal8)/.test(pixelFormat);

/** JFIF says what numbers of a JPEG mean, and RFC 6386 §9.2 those of VP8; of others players go by the size. */
function assumedMatrix({ codec, width, height }: Described): string {
  if (codec === "mjpeg") return "bt470bg";
  if (codec === "vp8") return "smpte170m";
  return width >= 1280 || height > 576 ? "bt709" : "smpte170m";
}

/** The colours of a source that is YCbCr: as it states them, or else as players assume. Pure. */
function sourceColours(video: Described): Colours {
  const { matrix, primaries, transfer, codec, pixelFormat } = video;
  const isStated = matrix !== undefined && (matrix in scaledMatrices || zimgMatrices.has(matrix));
  const assumed = isStated ? matrix : assumedMatrix(video);
  // Colours of a JPEG are those of a screen.
  const usual = codec === "mjpeg" ? "bt709" : assumed;
  return {
    matrix: assumed,
    primaries: keptIn(keptPrimaries, primaries, usual),
    transfer: keptIn(keptTransfers, transfer, codec === "mjpeg" ? "iec61966-2-1" : transferOf(usual)),
    isFullRange: video.isFullRange === true || pixelFormat.startsWith("yuvj"),
  };
}

const transferOf = (matrix: string): string => (matrix === "bt470bg" ? "smpte170m" : matrix);

const keptIn = (kept: ReadonlySet<string>, stated: string | undefined, usual: string): string =>
  stated !== undefined && kept.has(stated) ? stated : kept.has(usual) ? usual : "bt709";

/** The colours of what is encoded from a source; always of video range. Pure. */
export function renditionColours(video: Described): Colours {
  const bt709 = { matrix: "bt709", primaries: "bt709", transfer: "bt709", isFullRange: false };
  if (isToneMapped(video)) return bt709;
  if (isRgb(video)) {
    const primaries = keptIn(keptPrimaries, video.primaries, "bt709");
    // Screens are recorded as they are. Their pixels become BT.601, which every player reads exactly: Chromium without a
    // graphics processor has no room for the largest coefficient of BT.709 (libyuv), and blue would be 9 of 255 away.
    const transfer = keptIn(keptTransfers, video.transfer, "iec61966-2-1");
    return { ...bt709, matrix: "smpte170m", primaries, transfer };
  }
  const { matrix, primaries, transfer } = sourceColours(video);
  if (zimgMatrices.has(matrix)) return bt709;
  return { matrix: keptMatrices.has(matrix) ? matrix : "bt709", primaries, transfer, isFullRange: false };
}

/** Filters before a picture is scaled, for colours that `scale` cannot convert. Pure. */
export function zimgColourFilters(video: Described): string[] {
  if (isToneMapped(video) || isRgb(video)) return [];
  const { matrix, isFullRange } = sourceColours(video);
  if (!zimgMatrices.has(matrix)) return [];
  const primaries = matrix === "ycgco" ? "bt709" : "bt2020";
  const range = isFullRange ? "full" : "limited";
  const from = `min=${matrix}:pin=${primaries}:tin=bt709:rin=${range}`;
  return [`zscale=${from}:m=bt709:p=bt709:t=bt709:r=limited`];
}

/** Options of `scale` that convert a source to the colours of its renditions; none where they are the same. Pure. */
export function colourOptions(video: Described): string {
  const to = renditionColours(video);
  const exact = "flags=bicubic+accurate_rnd+full_chroma_int";
  if (isToneMapped(video)) return "";
  if (isRgb(video)) return `:out_color_matrix=${to.matrix}:out_range=tv:${exact}`;
  const from = sourceColours(video);
  const fromName = scaledMatrices[from.matrix];
  const toName = scaledMatrices[to.matrix];
  if (fromName === undefined || toName === undefined || (fromName === toName && !from.isFullRange)) return "";
  const range = from.isFullRange ? "pc" : "tv";
  return `:in_color_matrix=${fromName}:in_range=${range}:out_color_matrix=${toName}:out_range=tv:${exact}`;
}

/** The filter that writes colours into pictures, so that no later filter has to guess. Pure. */
export const statedColours = ({ matrix, primaries, transfer }: Colours): string =>
  `setparams=range=tv:colorspace=${matrix}:color_primaries=${primaries}:color_trc=${transfer}`;

/** Output options that write colours into a rendition. Pure. */
export const colourFlags = ({ matrix, primaries, transfer, isFullRange }: Colours): string[] => [
  "-colorspace",
  matrix,
  "-color_primaries",
  primaries,
  "-color_trc",
  transfer,
  "-color_range",
  isFullRange ? "pc" : "tv",
];

/** Output options that write into a copy what players assume of it; none where the source states its colours. Pure. */
export const assumedColourFlags = (video: Described): string[] =>
  video.matrix === undefined ? colourFlags(sourceColours(video)) : [];

/** Options of `scale` that make of any rendition a JPEG, which is BT.601 of full range (JFIF). Pure. */
export const jpegColours = ({ matrix }: Colours): string =>
  `in_color_matrix=${scaledMatrices[matrix] ?? "bt709"}:in_range=tv:out_color_matrix=bt470:out_range=pc`;
