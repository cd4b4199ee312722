/** A rendition of H.264 as its level bounds it. */
export interface Leveled {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** The most input of the decoder, in bits a second and in buffered bits. */
  readonly maxrateBps: number;
  readonly bufferBits: number;
  /** Pictures a decoder keeps to predict others and to put them in order. */
  readonly keptPictures: number;
  /** True if it uses features of the High profile. */
  readonly isHigh: boolean;
}

/** Rec. ITU-T H.264 (08/2021) Table A-1: macroblocks a second, of a picture, and of the pictures kept; 1,000 bits. */
const levels = [
  [10, 1_485, 99, 396, 64, 175],
  [11, 3_000, 396, 900, 192, 500],
  [12, 6_000, 396, 2_376, 384, 1_000],
  [13, 11_880, 396, 2_376, 768, 2_000],
  [20, 11_880, 396, 2_376, 2_000, 2_000],
  [21, 19_800, 792, 4_752, 4_000, 4_000],
  [22, 20_250, 1_620, 8_100, 4_000, 4_000],
  [30, 40_500, 1_620, 8_100, 10_000, 10_000],
  [31, 108_000, 3_600, 18_000, 14_000, 14_000],
  [32, 216_000, 5_120, 20_480, 20_000, 20_000],
  [40, 245_760, 8_192, 32_768, 20_000, 25_000],
  [41, 245_760, 8_192, 32_768, 50_000, 62_500],
  [42, 522_240, 8_704, 34_816, 50_000, 62_500],
  [50, 589_824, 22_080, 110_400, 135_000, 135_000],
  [51, 983_040, 36_864, 184_320, 240_000, 240_000],
  [52, 2_073_600, 36_864, 184_320, 240_000, 240_000],
  [60, 4_177_920, 139_264, 696_320, 240_000, 240_000],
  [61, 8_355_840, 139_264, 696_320, 480_000, 480_000],
  [62, 16_711_680, 139_264, 696_320, 800_000, 800_000],
] as const;

/** The least level that holds this, as ten times its number; the highest where none does. Pure. */
export function leastLevel({ width, height, fps, maxrateBps, bufferBits, keptPictures, isHigh }: Leveled): number {
  // The High profile may have a quarter more bits than the table says (Table A-2).
  const bitsOfThousand = isHigh ? 1_250 : 1_000;
  const across = Math.ceil(width / 16);
  const down = Math.ceil(height / 16);
  const blocks = across * down;
  const fitting = levels.find(
    ([, blocksPerSecond, blocksMax, keptMax, rate, buffer]) =>
      blocks * fps <= blocksPerSecond &&
      blocks <= blocksMax &&
      Math.max(across, down) ** 2 <= 8 * blocksMax &&
      blocks * keptPictures <= keptMax &&
      maxrateBps <= rate * bitsOfThousand &&
      bufferBits <= buffer * bitsOfThousand,
  );
  return (fitting ?? levels[18])[0];
}
