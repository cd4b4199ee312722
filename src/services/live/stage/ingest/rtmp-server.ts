import { readFile } from "node:fs/promises";
import type { Id, Log } from "#kernel";
import { Budget } from "#kernel/clients/budget";
import type { ByteRate, TcpConnection, TcpListener, TcpServer } from "#kernel/tcp/port";
import { declaredRates } from "#media/live/stated-rates";
import { RtmpSession } from "#media/rtmp/session";
import type { LiveHost } from "../../settings.ts";
import type { Feed } from "../streams/live-stream.ts";
import type { Streams } from "../streams/streams.ts";
import type { IngestAdmissions } from "./admission.ts";
import type { IngestRefusals } from "./refusals.ts";

/** A publisher that sends nothing for this long has left, whatever its connection says. */
const idleMs = 15_000;
/** Connections that have not shown a stream key; streams are bounded by `KINORA_LIVE_STREAMS`. */
const strangersMax = 200;
const perNetworkMax = 20;
/** From the connection to an accepted stream key: encoders need some round trips. */
const admissionMs = 10_000;
/** Encoders send some 5 KiB until then; what follows immediately may arrive with it. */
const admissionBytesMax = 256 * 1024;
/** An encoder that was away sends what waited at once. More than this a second is read more slowly. */
const burstSeconds = 8;
const rateFactor = 2;
/** Answers that a publisher does not read. */
const waitingBytesMax = 256 * 1024;
/** A stream of 240 pictures a second with sound has some 300 messages; an encoder that was away sends several seconds. */
const spareChunkRate = { burst: 4_000, perSecond: 2_000 };
const application = "live";

interface Parts {
  readonly streams: Streams;
  readonly admissions: Pick<IngestAdmissions, "admit">;
  readonly refusals: Pick<IngestRefusals, "write">;
}

/** The port that encoders publish to by RTMP; undefined where there is none. */
export async function createRtmpServer(host: LiveHost, parts: Parts): Promise<TcpServer | undefined> {
  const { rtmp, bitrateMaxBps } = host.settings;
  if (!rtmp) return undefined;
  const { tcp, log } = host;
  const tls = rtmp.tls && { cert: await readFile(rtmp.tls.cert, "utf8"), key: await readFile(rtmp.tls.key, "utf8") };
  const bytesPerSecond = (rateFactor * bitrateMaxBps) / 8;
  const rate = { bytesPerSecond, burstBytes: burstSeconds * bytesPerSecond };
  const accept = (connection: TcpConnection): TcpListener => publisherOf(connection, rate, host, parts);
  const limits = { strangersMax, perNetworkMax, admissionMs, admissionBytesMax, idleMs };
  try {
    return await tcp.listen({ ...rtmp, ...limits, tls, accept });
  } catch (error) {
    if (!rtmp.isDefault) throw error;
    log.warn("the port for live ingest is taken: encoders cannot publish here", { port: rtmp.port, err: error });
    return undefined;
  }
}

/** One connection, which publishes one stream at most. */
function publisherOf(
  connection: TcpConnection,
  rate: ByteRate,
  { random, log }: LiveHost,
  { streams, admissions, refusals }: Parts,
): TcpListener {
  let feed: Feed | undefined;
  const spareChunks = new Budget(spareChunkRate, performance.now());
  let liveId: Id | undefined;
  const session: RtmpSession = new RtmpSession({
    random,
    spendSpareChunk: () => spareChunks.spendAvailable(1, performance.now()) === 1,
    send(bytes) {
      if (connection.waitingBytes > waitingBytesMax) connection.destroy();
      else connection.send(bytes);
    },
    async publish({ app, key }) {
      if (app !== application) return { ok: false, sentence: `publish to the application ${application}` };
      const admission = await admissions.admit(key, connection.address);
      if (!admission.ok) return admission;
      const resume = await admission.resume();
      // The connection may have ended meanwhile.
      if (session.phase === "ended") return { ok: false, sentence: "gone" };
      connection.admit(rate);
      liveId = admission.liveId;
      feed = streams
        .open(admission.liveId, resume)
        .attach({ source: "rtmp", stop: (sentence) => session.stop(sentence) });
      return { ok: true };
    },
    format: (format) => feed?.format(format),
    frame: (frame) => feed?.frame(frame),
    metadata: (facts) => feed?.declare(declaredRates(facts)),
    pause: (isPaused) => (isPaused ? connection.pause() : connection.resume()),
    end(end) {
      logEnd(log, end);
      const { kind, sentence } = end;
      const isTheirs = kind === "unsupported" || kind === "malformed" || kind === "too_large" || kind === "order";
      if (liveId !== undefined && isTheirs) refusals.write(liveId, kind, sentence);
      feed?.leave();
      connection.end();
    },
  });
  return { bytes: (chunk) => session.receive(chunk), close: () => session.close() };
}

type End = Parameters<ConstructorParameters<typeof RtmpSession>[0]["end"]>[0];

/** Faults of ours are errors; what publishers do wrong is said on the level that operators look at for a reason. */
function logEnd(log: Log, { kind, sentence, cause }: End): void {
  if (kind === "fault") log.error("a publisher's session failed", { err: cause });
  else if (kind === "finished" || kind === "closed") log.debug("a publisher left", { reason: sentence });
  else log.info("a publisher was refused", { kind, reason: sentence });
}
