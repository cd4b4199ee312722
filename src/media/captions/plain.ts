/** The text of a cue as viewers read it: without tags, entities decoded, on one line. Pure. */
export const plainText = (cueText: string): string =>
  cueText
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_, name: keyof typeof characters) => characters[name])
    .replaceAll(/\s+/g, " ")
    .trim();

/** The characters that cue text writes as entities. */
const characters = { amp: "&", lt: "<", gt: ">", nbsp: " ", lrm: "", rlm: "" };
