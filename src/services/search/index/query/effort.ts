/** How many places of terms are still read; the documents after that are not found. */
export interface Effort {
  left: number;
}
