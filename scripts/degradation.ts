import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { measureDegradation } from "../test/degradation/degradation.ts";
import { degradationDocument } from "../test/degradation/document.ts";

/* Measures the answers of the public APIs without each of the services, and writes docs/degradation.md. */
await writeFile(join(import.meta.dirname, "../docs/degradation.md"), degradationDocument(await measureDegradation()));
