import { describeClients } from "../support/clients/describe-clients.ts";
import { sdkRows } from "../support/clients/sdk.ts";

describeClients(sdkRows("SDK v1"));
