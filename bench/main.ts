import { bundleTable } from "./bundle-sizes.ts";
import { tablesOf, writeDocument } from "./document.ts";
import { measureAll } from "./findings.ts";
import { readOptions } from "./options.ts";
import { withScratchFolder } from "./scratch-folder.ts";

const options = readOptions(process.argv.slice(2));

await withScratchFolder(async (folder) => {
  const findings = await measureAll(options, folder, (text) => console.error(text));
  const { requests, sessions, ways, targets } = tablesOf(findings, options);
  const shown = [requests, sessions, ways, targets].filter((table) => table !== undefined);
  console.log(shown.join("\n\n"));
  if (options.write) await writeDocument(findings, options, await bundleTable(folder));
});
