/** A file to be sent, with the folders it came in and a handle to read it again after a reload, where there is one. */
export interface Found {
  file: File;
  path: string;
  handle: FileSystemFileHandle | null;
}
/** The dropped files, and folders without any, each with its path. */
export interface Dropped {
  files: Found[];
  emptyFolders: string[];
}

const joinPath = (path: string, name: string) => (path === "" ? name : `${path}/${name}`);

/** Files that were chosen, of a folder or not. Pure. */
export function readChosen(files: Iterable<File>): Dropped {
  const listed = [...files].map((file) => {
    const path = file.webkitRelativePath.split("/").slice(0, -1).join("/");
    return { file, path, handle: null };
  });
  return { files: listed, emptyFolders: [] };
}

/**
 * All that is dropped, folders with what is in them. The items are asked at once, because they are absent after the
 * event; what is in folders is read in its own time.
 */
export async function readDropped(items: Iterable<DataTransferItem>): Promise<Dropped> {
  const content: Dropped = { files: [], emptyFolders: [] };
  const all = [...items]
    .filter(({ kind }) => kind === "file")
    .map((item) => ({
      entry: item.webkitGetAsEntry(),
      file: item.getAsFile(),
      handle: handleOf(item),
    }));
  for (const { entry, file, handle } of all) {
    const entryHandle = await handle;
    if (entry?.isDirectory === true) {
      const folder =
        entryHandle?.kind === "directory" ? walkHandle(entryHandle as FileSystemDirectoryHandle) : undefined; // By its kind.
      await (folder ?? walk(entry as FileSystemDirectoryEntry))(entry.name, content); // A directory's entry, as it says.
    } else if (file !== null) {
      content.files.push({
        file,
        path: "",
        handle: entryHandle?.kind === "file" ? (entryHandle as FileSystemFileHandle) : null, // By its kind.
      });
    }
  }
  return content;
}

type Walk = (path: string, into: Dropped) => Promise<void>;

/** Reads a folder as browsers without handles have it. */
export const walk =
  (folder: Pick<FileSystemDirectoryEntry, "createReader">): Walk =>
  async (path, into) => {
    const reader = folder.createReader();
    let count = 0;
    // A reader gives a hundred at most, until it gives none.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) break;
      count += some.length;
      for (const entry of some) {
        if (entry.isDirectory) {
          await walk(entry as FileSystemDirectoryEntry)(joinPath(path, entry.name), into); // As it says.
        } else {
          const fileEntry = entry as FileSystemFileEntry; // As it says.
          const file = await new Promise<File>((resolve, reject) => fileEntry.file(resolve, reject)).catch(() => null);
          // An unreadable entry, such as a link that leads nowhere, does not keep the others back.
          if (file !== null) into.files.push({ file, path, handle: null });
        }
      }
    }
    if (count === 0) into.emptyFolders.push(path);
  };

/** The same with handles. */
const walkHandle =
  (folder: FileSystemDirectoryHandle): Walk =>
  async (path, into) => {
    let count = 0;
    // The library of types does not know yet that it can be walked.
    const within = folder as unknown as AsyncIterable<[string, FileSystemHandle]>;
    for await (const [name, handle] of within) {
      count += 1;
      if (handle.kind === "directory") {
        await walkHandle(handle as FileSystemDirectoryHandle)(joinPath(path, name), into); // By its kind.
      } else {
        const file = await (handle as FileSystemFileHandle).getFile().catch(() => null); // By its kind.
        if (file !== null) into.files.push({ file, path, handle: handle as FileSystemFileHandle }); // By its kind.
      }
    }
    if (count === 0) into.emptyFolders.push(path);
  };

/** Chromium's way to read a dropped file again after a reload; elsewhere there is none. */
async function handleOf(item: DataTransferItem): Promise<FileSystemHandle | null> {
  const able = item as { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> }; // Not in the types yet.
  return (await able.getAsFileSystemHandle?.().catch(() => null)) ?? null;
}
