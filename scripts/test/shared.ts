type Close = () => Promise<unknown>;
const closes: Close[] = [];

/** Registers what ends a thing that the test files of this process share. */
export function closeAfterFiles(close: Close): void {
  closes.push(close);
}

/** Ends what the test files of this process shared, the latest first. */
export async function closeShared(): Promise<void> {
  for (const close of closes.splice(0).toReversed()) await close();
}
