import type { HttpLimits } from "../../http/limits.ts";

/** A message holds no file: the largest there may be is a part of the compatible upload. */
export const messageBytesMax = 8 * 2 ** 20;
/** No call to another process is waited for longer, whatever its caller would allow: an upload allows hours. */
export const callMsMax = 15 * 60_000;
/** The most bytes of unanswered requests on one connection. */
export const pendingBytesMax = 64 * 2 ** 20;
/** Calls of one connection that are answered at the same time, and calls that wait for one process. */
export const callsMax = 1_024;
/** Streams of one connection that are open beside its calls: a gateway has some for each live room that is watched. */
export const streamsMax = 8_192;
/**
 * All headers of a request or an answer. Node limits their number by itself, and their length only when it is
 * configured.
 */
const headerBytesMax = 16 * 1_024;
/** HTTP/2's memory for one connection: with Node's ten megabytes, answers on their way would have new calls refused. */
export const sessionMegabytesMax = 64;
/** How much of a stream, and of all streams of a connection, may be under way: the defaults of HTTP/2 cost a wait for every 64 KiB. */
const streamWindowBytes = 2 ** 20;
export const connectionWindowBytes = 8 * 2 ** 20;
/** The settings that both sides of a connection exchange. */
export const http2Settings = { initialWindowSize: streamWindowBytes, maxHeaderListSize: headerBytesMax };
/** Ten times those of the public port: a process of the cluster may give up all its calls at once, again and again. */
export const resetsOf = ({ resetsMax }: HttpLimits) => ({
  streamResetBurst: 10 * resetsMax,
  streamResetRate: 5 * resetsMax,
});
