/** A file that uses one of these may disturb others in its process, or be disturbed by them. */
const alone =
  /child_process|worker_threads|mock\.|globalThis|setFlagsFromString|process\.(on|once|env|chdir|exit|kill|cpuUsage|memoryUsage)|import\.meta\.main/;
/** Whole platforms and servers: they take so long that loading modules is nothing beside it. */
const wholes = "test/";
/** Services in the process, with a database. */
const hosts = /kernel\/host\/testing|\/testing\.ts|#test\/|startPostgres|fastifyServer/;
/** So many that loading the modules they share costs little, and so few that all lanes have work until the end. */
const pureFilesMax = 40;
const hostFilesMax = 8;

/**
 * Groups of test files that share a process, by their texts: files of functions without effects, and files of services.
 * Neighbours by path load the same modules. Pure.
 */
export function groupsOf(texts: ReadonlyMap<string, string>): string[][] {
  const kindOf = (file: string, text: string) =>
    file.startsWith(wholes) || alone.test(text) ? "alone" : hosts.test(text) ? "host" : "pure";
  const filesOf = (kind: string) => [...texts].flatMap(([file, text]) => (kindOf(file, text) === kind ? [file] : []));
  return [
    ...filesOf("alone").map((file) => [file]),
    ...chunks(filesOf("host"), hostFilesMax),
    ...chunks(filesOf("pure"), pureFilesMax),
  ];
}

/** Pieces of nearly equal length. */
function chunks(files: readonly string[], lengthMax: number): string[][] {
  const count = Math.ceil(files.length / lengthMax);
  const start = (at: number) => Math.round((at * files.length) / count);
  return Array.from({ length: count }, (_, at) => files.slice(start(at), start(at + 1)));
}
