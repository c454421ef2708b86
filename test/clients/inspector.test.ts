import { describeClients } from "../support/clients/describe-clients.ts";
import { inspectorRows } from "../support/clients/inspector.ts";

describeClients(inspectorRows);
