/** How many seconds follow the picture without a hole. */
export function bufferedAheadS({ buffered, currentTime }: HTMLVideoElement): number {
  for (let n = 0; n < buffered.length; n++)
    if (buffered.start(n) <= currentTime && currentTime <= buffered.end(n)) return buffered.end(n) - currentTime;
  return 0;
}
