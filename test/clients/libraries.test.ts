import { aiSdkRows } from "../support/clients/ai-sdk.ts";
import { describeClients } from "../support/clients/describe-clients.ts";
import { oauth4webapiRows } from "../support/clients/oauth4webapi.ts";
import { sdkRows } from "../support/clients/sdk.ts";

describeClients(sdkRows("SDK v1"), sdkRows("SDK v2"), aiSdkRows, oauth4webapiRows);
