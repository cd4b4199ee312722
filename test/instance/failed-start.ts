import type { Instance } from "./instance.ts";

/** Starts a server that cannot run; yields how it ended and what it said. */
export async function failedStart(
  instance: Instance,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; text: string }> {
  instance.log.length = 0;
  instance.begin(env);
  const started = instance.ready().then(
    () => true,
    () => false,
  );
  if (await started) throw new Error("it started");
  const { code } = await instance.exited;
  return { code, text: instance.log.join("\n") };
}
