import { aiSdkRows } from "../support/clients/ai-sdk.ts";
import { describeClients } from "../support/clients/describe-clients.ts";

describeClients(aiSdkRows);
