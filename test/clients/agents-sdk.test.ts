import { agentsSdkRows } from "../support/clients/agents-sdk.ts";
import { describeClients } from "../support/clients/describe-clients.ts";

describeClients(agentsSdkRows);
