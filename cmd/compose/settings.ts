import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import type { Config } from "../../src/kernel/config/load.ts";
import { lifeOf } from "../../src/kernel/process/process-id.ts";
import packageJson from "../../package.json" with { type: "json" };

/** Each service's part of the configuration. */
export const settingsOf =
  ({
    data,
    blob,
    auth,
    site,
    server,
    upload,
    limits,
    drive,
    media,
    cdn,
    transfer,
    scrub,
    recommend,
    search,
    live,
  }: Config) =>
  (service: string): unknown => {
    switch (service) {
      case "auth":
        return { ...auth, registration: site.registration, siteName: site.name, address: addressIn(server) };
      case "instance":
        return {
          name: site.name,
          version: packageJson.version,
          uploadBytesMax: upload.fileBytesMax,
          hasPublicUrl: server.publicUrl !== undefined,
          address: addressIn(server),
          folder: folderOf(data, blob.url),
        };
      case "message":
        return { address: addressIn(server) };
      case "upload":
        return { ...upload, openMax: limits.openUploads };
      case "drive":
        return { trashMs: drive.trashDays * 86_400_000 };
      case "transfer":
        return { ...transfer, scrubEveryMs: scrub.everyMs, scrubBytesPerSecond: scrub.bytesPerSecond };
      case "media":
        return { ladder: media.ladder };
      case "transcoder":
        return {
          ffmpeg: media.ffmpeg,
          ladder: media.ladder,
          workers: media.workers,
          stallMs: media.stallMs,
          shortageMs: media.shortageMs,
          sandbox: media.sandbox,
        };
      case "streaming":
        return { cdnUrl: cdn.url, purgeUrl: cdn.purgeUrl };
      case "recommend":
        return { utility: recommend.utility };
      case "search":
        return searchSettings(search);
      case "live":
        return {
          ...live,
          ...ingestOf(live, server),
          ffmpeg: media.ffmpeg,
          sandbox: media.sandbox,
          instance: `${hostname()}:${data}`,
          life: lifeOf(`${hostname()}:${data}`),
        };
      case "demo":
        return { ffmpeg: media.ffmpeg, clips: site.demoClips };
      default:
        return {};
    }
  };

const searchSettings = (search: Config["search"]) => ({
  elasticsearch: search.elasticsearchUrl && {
    url: search.elasticsearchUrl,
    apiKey: search.elasticsearchApiKey,
    prefix: search.elasticsearchPrefix,
  },
  embeddings: search.embeddingsUrl && {
    url: search.embeddingsUrl,
    apiKey: search.embeddingsApiKey,
    model: search.embeddingsModel,
    queryPrefix: search.embeddingsQueryPrefix,
    documentPrefix: search.embeddingsDocumentPrefix,
  },
});

/** The port that encoders publish to, and its address as owners see it. */
function ingestOf(
  { rtmpPort, pushUrl, webrtcPorts, webrtcAddress }: Config["live"],
  { publicUrl, tlsCert, tlsKey, host, trustedProxies }: Config["server"],
) {
  const port = rtmpPort ?? 1935;
  const tls = tlsCert !== undefined && tlsKey !== undefined ? { cert: tlsCert, key: tlsKey } : undefined;
  const name = publicUrl === undefined ? host : new URL(publicUrl).hostname;
  const shown = name === "0.0.0.0" || name === "::" ? "127.0.0.1" : name;
  return {
    pushUrl: pushUrl ?? `${tls ? "rtmps" : "rtmp"}://${shown}:${port}/live`,
    webrtc: { host, ports: webrtcPorts, address: webrtcAddress },
    ...(port > 0 && { rtmp: { host, port, trustedProxies, isDefault: rtmpPort === undefined, ...(tls && { tls }) } }),
  };
}

/** The address in mails. It never comes from a request, which would choose where the link of another user's mail leads. */
const addressIn = ({ publicUrl, tlsCert, host, port }: Config["server"]): string =>
  publicUrl?.replace(/\/$/, "") ?? `${tlsCert === undefined ? "http" : "https"}://${host}:${port}`;

/** The folder of the default store; undefined for a bucket. */
const folderOf = (data: string, url: string | undefined): string | undefined =>
  url === undefined ? data : url.startsWith("file:") ? fileURLToPath(url) : undefined;
