import { describeClients } from "../support/clients/describe-clients.ts";
import { oauth4webapiRows } from "../support/clients/oauth4webapi.ts";

describeClients(oauth4webapiRows);
