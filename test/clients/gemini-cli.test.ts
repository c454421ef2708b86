import { describeClients } from "../support/clients/describe-clients.ts";
import { geminiCliRows } from "../support/clients/gemini-cli.ts";

describeClients(geminiCliRows);
