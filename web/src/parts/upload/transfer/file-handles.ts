/** The file of a handle, read again; `null` where the browser does not allow it. `mayAsk` lets it ask the user. */
export async function readAgain(handle: FileSystemFileHandle, mayAsk: boolean): Promise<File | null> {
  try {
    const able = handle as FileSystemFileHandle & {
      queryPermission?: (how: { mode: "read" }) => Promise<string>;
      requestPermission?: (how: { mode: "read" }) => Promise<string>;
    }; // Not in the types yet.
    let allowed = (await able.queryPermission?.({ mode: "read" })) ?? "granted";
    if (allowed === "prompt" && mayAsk) allowed = (await able.requestPermission?.({ mode: "read" })) ?? "denied";
    return allowed === "granted" ? await handle.getFile() : null;
  } catch {
    return null;
  }
}
