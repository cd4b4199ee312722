import type { Plugin } from "../src/kernel/host/plugin.ts";

/** Every service there is, imported only where it runs. */
const services: Readonly<Record<string, () => Promise<unknown>>> = {
  auth: async () => (await import("../src/services/auth/plugin.ts")).authPlugin,
  user: async () => (await import("../src/services/user/plugin.ts")).userPlugin,
  relation: async () => (await import("../src/services/relation/plugin.ts")).relationPlugin,
  upload: async () => (await import("../src/services/upload/plugin.ts")).uploadPlugin,
  media: async () => (await import("../src/services/media/plugin.ts")).mediaPlugin,
  drive: async () => (await import("../src/services/drive/plugin.ts")).drivePlugin,
  transfer: async () => (await import("../src/services/transfer/plugin.ts")).transferPlugin,
  transcoder: async () => (await import("../src/services/transcoder/plugin.ts")).transcoderPlugin,
  video: async () => (await import("../src/services/video/plugin.ts")).videoPlugin,
  streaming: async () => (await import("../src/services/streaming/plugin.ts")).streamingPlugin,
  interaction: async () => (await import("../src/services/interaction/plugin.ts")).interactionPlugin,
  hashtag: async () => (await import("../src/services/hashtag/plugin.ts")).hashtagPlugin,
  search: async () => (await import("../src/services/search/plugin.ts")).searchPlugin,
  recommend: async () => (await import("../src/services/recommend/plugin.ts")).recommendPlugin,
  message: async () => (await import("../src/services/message/plugin.ts")).messagePlugin,
  moderation: async () => (await import("../src/services/moderation/plugin.ts")).moderationPlugin,
  worker: async () => (await import("../src/services/worker/plugin.ts")).workerPlugin,
  demo: async () => (await import("../src/services/demo/plugin.ts")).demoPlugin,
};

export const serviceNames: readonly string[] = Object.keys(services);

/** The plugins of these services, or of all. */
export async function pluginsOf(names: readonly string[] = serviceNames): Promise<Plugin[]> {
  const loaded = await Promise.all(names.map(async (name) => services[name]?.()));
  return loaded.filter((found) => found !== undefined) as Plugin[]; // The host gives each its own tables and settings.
}
