import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { buildBridge } from "../../test/support/built-bridge.ts";
import { openShell, type Shell } from "../../test/support/shell.ts";
import { prepareGrounds } from "../grounds.ts";
import { addCall } from "../lanes/rpc.ts";
import { sessionLane } from "../lanes/session.ts";
import { withScratchFolder } from "../scratch-folder.ts";
import { type BridgeFigures, bridgeTable } from "./bridge-table.ts";
import { BRIDGES, type BridgeName } from "./bridges.ts";
import { type BridgeSite, measureBridge, measureTogether, signInOnce } from "./measure-bridge.ts";

/** Compares the bridges: `npm run bench:bridge -- --rounds 5 --write`. */
const RECORDED = fileURLToPath(new URL("../../docs/results/bridge.json", import.meta.url));

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    write: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new TypeError(`--rounds takes a number from 1 up, not "${values.rounds}".`);

async function measure(folder: string): Promise<BridgeFigures> {
  const grounds = await prepareGrounds(["ours"], folder);
  const homes = new Map<BridgeName, Shell>();
  try {
    const ours = await grounds.start("ours");
    const site: BridgeSite = {
      url: `${ours.origin}/mcp`,
      origin: ours.origin,
      github: grounds.control,
    };
    const figures: BridgeFigures = {
      date: new Date().toISOString().slice(0, 10),
      bridges: { "mcp-bridge": [], "mcp-remote": [] },
      together: { "mcp-bridge": [], "mcp-remote": [] },
    };
    for (const name of BRIDGES) {
      const shell = await openShell();
      homes.set(name, shell);
      await signInOnce(name, site, shell);
    }
    const direct = await sessionLane(ours, addCall)();
    for (let round = 0; round < rounds; round += 1) {
      for (const name of round % 2 === 0 ? BRIDGES : BRIDGES.toReversed()) {
        const shell = homes.get(name);
        if (shell) figures.bridges[name].push(await measureBridge(name, site, { shell, direct }));
      }
    }
    direct.close();
    for (const name of BRIDGES) figures.together[name].push(await measureTogether(name, site));
    return figures;
  } finally {
    await Promise.all(Array.from(homes.values(), (shell) => shell.remove()));
    await grounds.close();
  }
}

await buildBridge();
const figures = await withScratchFolder(measure);
console.log(bridgeTable(figures));
if (values.write) writeFileSync(RECORDED, `${JSON.stringify(figures, undefined, 2)}\n`);
