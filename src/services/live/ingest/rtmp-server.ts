import type { Log } from "#kernel";
import type { TcpConnection, TcpListener, TcpServer } from "#kernel/tcp/port";
import { RtmpSession } from "#media/rtmp/session";
import { readFile } from "node:fs/promises";
import type { LiveHost } from "../settings.ts";
import type { Feed } from "../streams/live-stream.ts";
import type { Streams } from "../streams/streams.ts";
import type { IngestAdmissions } from "./admission.ts";

/** A publisher that sends nothing for so long is gone, whatever its connection says. */
const idleMs = 15_000;
const connectionsMax = 200;
const perAddressMax = 20;
/** Answers that a publisher does not read. */
const waitingBytesMax = 256 * 1024;
const application = "live";

interface Parts {
  readonly streams: Streams;
  readonly admissions: Pick<IngestAdmissions, "admit">;
}

/** The port that encoders publish to by RTMP; undefined where there is none. */
export async function rtmpServer(host: LiveHost, parts: Parts): Promise<TcpServer | undefined> {
  const { rtmp } = host.settings;
  if (!rtmp) return undefined;
  const { tcp, log } = host;
  const tls = rtmp.tls && { cert: await readFile(rtmp.tls.cert, "utf8"), key: await readFile(rtmp.tls.key, "utf8") };
  const accept = (connection: TcpConnection): TcpListener => publisherOf(connection, host, parts);
  try {
    return await tcp.listen({ ...rtmp, tls, connectionsMax, perAddressMax, idleMs, accept });
  } catch (error) {
    if (!rtmp.isDefault) throw error;
    log.warn("the port for live ingest is taken: encoders cannot publish here", { port: rtmp.port, err: error });
    return undefined;
  }
}

/** One connection, which publishes one stream at most. */
function publisherOf(
  connection: TcpConnection,
  { random, log }: LiveHost,
  { streams, admissions }: Parts,
): TcpListener {
  let feed: Feed | undefined;
  const session: RtmpSession = new RtmpSession({
    random,
    send(bytes) {
      if (connection.waitingBytes > waitingBytesMax) connection.destroy();
      else connection.send(bytes);
    },
    async publish({ app, key }) {
      if (app !== application) return { ok: false, sentence: `publish to the application ${application}` };
      const admission = await admissions.admit(key, connection.address);
      // The connection may have ended meanwhile.
      if (!admission.ok || session.phase === "ended") return admission.ok ? { ok: false, sentence: "gone" } : admission;
      feed = streams
        .open(admission.liveId, admission.resume)
        .attach({ source: "rtmp", stop: (sentence) => session.stop(sentence) });
      return { ok: true };
    },
    format: (format) => feed?.format(format),
    frame: (frame) => feed?.frame(frame),
    metadata: () => undefined,
    pause: (isPaused) => (isPaused ? connection.pause() : connection.resume()),
    end(end) {
      logEnd(log, end);
      feed?.leave();
      connection.end();
    },
  });
  return { bytes: (chunk) => session.receive(chunk), closed: () => session.close() };
}

type End = Parameters<ConstructorParameters<typeof RtmpSession>[0]["end"]>[0];

/** Faults of ours are errors; what publishers do wrong is said on the level that operators look at for a reason. */
function logEnd(log: Log, { kind, sentence, cause }: End): void {
  if (kind === "fault") log.error("a publisher's session failed", { err: cause });
  else if (kind === "finished" || kind === "closed") log.debug("a publisher left", { reason: sentence });
  else log.info("a publisher was refused", { kind, reason: sentence });
}
