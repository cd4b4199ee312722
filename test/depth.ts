import { it } from "node:test";

/**
 * True for a run that takes the long forms: every failpoint, long crash loops, hundreds of exits (`npm run
 * test:nightly`).
 */
export const isNightly = process.env["KINORA_TEST_DEPTH"] === "nightly";

/** All of these variants of a test in the long run, else the one at this place: neighbours take turns. */
export const inTurn = <T>(variants: readonly T[], place: number): readonly T[] =>
  variants.filter((_, at) => isNightly || at === place);

/** A test of the long run alone: one whose steps other suites take, or that is about what rarely changes. */
export const itAtNight: (title: string, test: () => Promise<void>) => void = isNightly
  ? (title, test) => void it(title, test)
  : () => undefined;
