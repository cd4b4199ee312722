import { fileURLToPath } from "node:url";
import type { Config } from "../../src/kernel/config/load.ts";
import { publicAddressOf } from "../../src/kernel/config/public-address.ts";
import { lifeOf } from "../../src/kernel/process/process-id.ts";
import { instanceOf } from "./share.ts";
import packageJson from "../../package.json" with { type: "json" };

/** Each service's settings, from the configuration. A service that is absent has none. */
const settingsByService: Readonly<Record<string, (config: Config) => object>> = {
  auth: ({ auth, site, server }) => ({
    ...auth,
    chains: auth.chains === undefined ? [] : JSON.parse(auth.chains),
    providers: auth.providers === undefined ? [] : JSON.parse(auth.providers),
    registration: site.registration,
    hasEndlessTokens: site.hasEndlessTokens,
    siteName: site.name,
    address: publicAddressOf(server),
    hasPublicAddress: server.publicUrl !== undefined,
  }),
  instance: ({ site, upload, server, data, blob }) => ({
    name: site.name,
    version: packageJson.version,
    uploadBytesMax: upload.fileBytesMax,
    hasPublicUrl: server.publicUrl !== undefined,
    address: publicAddressOf(server),
    folder: folderOf(data, blob.url),
  }),
  message: ({ server }) => ({ address: publicAddressOf(server) }),
  upload: ({ upload, limits }) => ({ ...upload, openMax: limits.openUploads }),
  drive: ({ drive }) => ({ trashMs: drive.trashDays * 86_400_000 }),
  transfer: ({ transfer, scrub }) => ({
    ...transfer,
    scrubEveryMs: scrub.everyMs,
    scrubBytesPerSecond: scrub.bytesPerSecond,
  }),
  media: ({ media: { ladder } }) => ({ ladder }),
  transcoder: ({ media: { ffmpeg, ladder, workers, stallMs, shortageMs, sandbox } }) => ({
    ffmpeg,
    ladder,
    workers,
    stallMs,
    shortageMs,
    sandbox,
    version: packageJson.version,
  }),
  streaming: ({ cdn }) => ({ cdnUrl: cdn.url, purgeUrl: cdn.purgeUrl }),
  recommend: ({ recommend: { utility } }) => ({ utility }),
  search: ({ search }) => searchSettings(search),
  live: (config) => ({
    ...config.live,
    ...ingestOf(config.live, config.server),
    ffmpeg: config.media.ffmpeg,
    sandbox: config.media.sandbox,
    instance: instanceOf(config),
    life: lifeOf(instanceOf(config)),
  }),
  demo: ({ media, site }) => ({ ffmpeg: media.ffmpeg, clips: site.demoClips }),
};

/** A service's settings, before its own schema has parsed them. */
export const settingsOf = (config: Config, service: string): unknown => settingsByService[service]?.(config) ?? {};

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

/** The folder of the default store; undefined for a bucket. */
const folderOf = (data: string, url: string | undefined): string | undefined =>
  url === undefined ? data : url.startsWith("file:") ? fileURLToPath(url) : undefined;
