import { bundleTable } from "./bundle-sizes.ts";
import { tablesOf, writeDocument } from "./document.ts";
import { measureAll } from "./findings.ts";
import { readOptions } from "./options.ts";
import { folderInMemory, withScratchFolder } from "./scratch-folder.ts";

const options = readOptions(process.argv.slice(2));

const memory = await folderInMemory();

await withScratchFolder(async (folder) => {
  const measured = await measureAll(options, folder, (text) => console.error(text));
  const findings = { ...measured, storage: memory === undefined ? "disk" : "memory" } as const;
  const { requests, sessions, ways, targets } = tablesOf(findings, options);
  const shown = [requests, sessions, ways, targets].filter((table) => table !== undefined);
  console.log(shown.join("\n\n"));
  if (options.write) await writeDocument(findings, options, await bundleTable(folder));
}, memory);
