import { abuseCases } from "./abuse-cases.ts";
import { accountCases } from "./account-cases.ts";
import { authorizationCases } from "./authorization-cases.ts";
import { authorizationInputCases } from "./authorization-input-cases.ts";
import { entryCases } from "./entry-cases.ts";
import { faultCases } from "./fault-cases.ts";
import { githubTokenCases } from "./github-token-cases.ts";
import { mcpCases } from "./mcp-cases.ts";
import { refreshTokenCases } from "./refresh-token-cases.ts";
import type { SecurityCase } from "./security-case.ts";
import { serviceTokenCases } from "./service-token-cases.ts";
import { sessionCases } from "./session-cases.ts";
import { storageFaultCases } from "./storage-fault-cases.ts";
import { tokenCases } from "./token-cases.ts";
import { upstreamCases } from "./upstream-cases.ts";
import { waysInCases } from "./ways-in-cases.ts";

/** Group, number, part: A9 comes before A10, and A33 before A33b. */
function compare(one: SecurityCase, other: SecurityCase): number {
  return one.id.localeCompare(other.id, "en", { numeric: true });
}

/** Every case, in the order of their ids. */
export const securityCases: readonly SecurityCase[] = [
  ...abuseCases,
  ...accountCases,
  ...authorizationCases,
  ...authorizationInputCases,
  ...entryCases,
  ...faultCases,
  ...githubTokenCases,
  ...mcpCases,
  ...refreshTokenCases,
  ...serviceTokenCases,
  ...sessionCases,
  ...storageFaultCases,
  ...tokenCases,
  ...upstreamCases,
  ...waysInCases,
].toSorted(compare);
