import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

import type { Outcome } from "./chart.ts";

/** What a server's name stands for. */
export async function resolveName({ hostname }: URL): Promise<Outcome<true>> {
  const name = hostname.replace(/^\[|\]$/g, "");
  if (isIP(name) !== 0)
    return { says: "The address holds no name.", facts: { addresses: [name] }, value: true };
  const found = await lookup(name, { all: true });
  const addresses = found.map(({ address }) => address);
  return { says: `${name} is ${addresses.join(", ")}.`, facts: { addresses }, value: true };
}
