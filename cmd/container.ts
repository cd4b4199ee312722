// The program of the container image. SERVICE names one process of a topology, or a service that it runs; without it,
// the container runs all processes of TOPOLOGY.

const { SERVICE = "", TOPOLOGY = "" } = process.env;
const flags = [...(TOPOLOGY === "" ? [] : ["--topology", TOPOLOGY]), ...process.argv.slice(2)];
const isService = SERVICE !== "" && !flags.includes("--help");
process.argv.splice(2, Infinity, ...(isService ? ["service", SERVICE] : []), ...flags);
await (isService ? import("./cli.ts") : import("./start.ts"));
