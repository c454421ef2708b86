import { mcpMessageCases } from "./mcp-message-cases.ts";
import { mcpRequestCases } from "./mcp-request-cases.ts";
import type { SecurityCase } from "./security-case.ts";

/** What anybody can send to the MCP endpoints, and what is answered; sessions have a list of their own. */
export const mcpCases: readonly SecurityCase[] = [...mcpRequestCases, ...mcpMessageCases];
