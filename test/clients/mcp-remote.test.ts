import { describeClients } from "../support/clients/describe-clients.ts";
import { mcpRemoteRows } from "../support/clients/mcp-remote.ts";

describeClients(mcpRemoteRows);
