import { bundleTable } from "./bundle-sizes.ts";
import { withScratchFolder } from "./scratch-folder.ts";

console.log(await withScratchFolder(bundleTable));
