/** The way to the rest of a text, as large as a finger and as high as a line of it. */
export const foldClass = "-my-2 py-2 ps-1.5 font-semibold";

/**
 * The way to the rest of a text that is folded at two lines of 20 px, at the end of the second. It comes before the words,
 * in a block of theirs, and floats below a span as high as the first line.
 */
export function FoldedEnd({ text, onOpen }: { text: string; onOpen: () => void }) {
  return (
    <>
      <span className="float-end h-5" />
      <button type="button" aria-expanded={false} className={`clear-both float-end ${foldClass}`} onClick={onOpen}>
        {/* It does not decide the direction of the words around it. */}
        <bdi>{text}</bdi>
      </button>
    </>
  );
}
