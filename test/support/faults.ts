import type { FaultRule } from "./entries/faulty/fault-rule.ts";
import type { TestServer } from "./server.ts";

type Site = Pick<TestServer, "url">;

async function control(site: Site, method: string, rule?: FaultRule): Promise<number> {
  const response = await fetch(`${site.url}/_faults`, {
    method,
    ...(rule && { body: JSON.stringify(rule) }),
  });
  if (!response.ok) throw new Error(`/_faults answered ${response.status}.`);
  return Number(await response.text());
}

/** Makes the storage of a server with the entry `faulty.ts` fail. */
export async function addFault(site: Site, rule: FaultRule): Promise<void> {
  await control(site, "POST", rule);
}

/** Ends all faults; says how often they struck. */
export function clearFaults(site: Site): Promise<number> {
  return control(site, "DELETE");
}
