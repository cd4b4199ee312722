/** Options as one reads them on a command line. Only for words known here or numbers, never for a path. */
export const flags = (line: string): string[] => line.split(" ");
