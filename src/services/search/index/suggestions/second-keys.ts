/** Other ways in which a text is typed, folded. */
export type SecondKeys = (text: string) => readonly string[];

const han = /\p{Script=Han}/u;
export const hasHan = (text: string): boolean => han.test(text);

/** Readings of one text in which several characters stand for one syllable each. */
const syllablesMax = 24;

/**
 * Pinyin of texts with Han characters: whole (`nihao`) and by its initials (`nh`). The tables of `pinyin-pro` are loaded when
 * this is first called.
 */
export async function createPinyinKeys(): Promise<SecondKeys> {
  const { pinyin } = await import("pinyin-pro");
  return (text) => {
    if (!hasHan(text)) return [];
    const syllables = pinyin([...text].slice(0, syllablesMax).join(""), {
      toneType: "none",
      type: "array",
      nonZh: "consecutive",
      v: true,
    }).flatMap((syllable) => syllable.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
    return [syllables.join(""), syllables.map((syllable) => [...syllable][0] ?? "").join("")];
  };
}
