/** Even loudness: this title sounds as loud as all others. */
export interface Evenness {
  isEven: boolean;
  change: (isEven: boolean) => void;
}
