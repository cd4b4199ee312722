/** Whether this run takes the long forms: every failpoint, long crash loops, hundreds of exits (`npm run test:nightly`). */
export const isNightly = process.env["KINORA_TEST_DEPTH"] === "nightly";

/** All of these variants of a test in the long run, else the one at this place: neighbours take turns. */
export const inTurn = <T>(variants: readonly T[], place: number): readonly T[] =>
  variants.filter((_, at) => isNightly || at === place);
