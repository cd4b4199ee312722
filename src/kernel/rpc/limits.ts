/** A message holds no file: the largest there may be is a part of the compatible upload. */
export const messageBytesMax = 8 * 2 ** 20;
/** No call to another process is waited for longer, whatever its caller would allow: an upload allows hours. */
export const callMsMax = 15 * 60_000;
