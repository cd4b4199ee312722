/** A file that uses one of these may disturb others in its process, or be disturbed by them. */
const alone =
  /child_process|worker_threads|mock\.|globalThis|setFlagsFromString|process\.(on|once|env|chdir|exit|kill|cpuUsage|memoryUsage)|import\.meta\.main/;
/** Whole servers, each a process of its own: loading modules is nothing beside them. */
const servers = "test/";
/** Whole platforms in the process of the test: loading all services takes a good second of it. */
const platforms = "test/security/";
/** Services in the process, with a database. */
const hosts = /kernel\/host\/testing|\/testing\.ts|#test\/|startPostgres|fastifyServer/;
/** So many that loading the modules they share costs little, and so few that all lanes have work until the end. */
const pureFilesMax = 40;
const hostFilesMax = 8;
const platformFilesMax = 4;

/**
 * Groups of test files that share a process, by their texts: files of functions without effects, files of services,
 * and files of whole platforms. Neighbours by path load the same modules. Pure.
 */
export function groupsOf(texts: ReadonlyMap<string, string>): string[][] {
  const kindOf = (file: string, text: string) => {
    if (alone.test(text)) return "alone";
    if (file.startsWith(platforms)) return "platform";
    return file.startsWith(servers) ? "alone" : hosts.test(text) ? "host" : "pure";
  };
  const filesOf = (kind: string) => [...texts].flatMap(([file, text]) => (kindOf(file, text) === kind ? [file] : []));
  return [
    ...filesOf("alone").map((file) => [file]),
    ...chunks(filesOf("platform"), platformFilesMax),
    ...chunks(filesOf("host"), hostFilesMax),
    ...chunks(filesOf("pure"), pureFilesMax),
  ];
}

/** The calls by which a file uses the server and the browser of its process. */
const sharing = /\bshared(?:Instance|Browser)\([^)]*\)/g;
const sharingFilesMax = 4;

/** Groups of files that share a server, and a browser where they open one; each other file is alone. Pure. */
export function sharingGroupsOf(texts: ReadonlyMap<string, string>): string[][] {
  const callsOf = (file: string) => (texts.get(file)?.match(sharing) ?? []).toSorted().join(" ");
  const groups = Map.groupBy(texts.keys(), (file) => callsOf(file));
  return [...groups].flatMap(([calls, files]) => chunks(files, calls.includes("Instance") ? sharingFilesMax : 1));
}

/** Pieces of nearly equal length. */
function chunks(files: readonly string[], lengthMax: number): string[][] {
  const count = Math.ceil(files.length / lengthMax);
  const start = (at: number) => Math.round((at * files.length) / count);
  return Array.from({ length: count }, (_, at) => files.slice(start(at), start(at + 1)));
}
