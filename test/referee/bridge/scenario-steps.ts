import type { Params } from "../../support/stdio-rpc.ts";
import type { ProtocolClient } from "./protocol-client.ts";

/** What the referee tells a client for a scenario, as JSON. */
export interface ScenarioContext {
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: Params }[];
}

type Steps = (client: ProtocolClient, context: ScenarioContext) => Promise<void>;

interface Named {
  readonly name: string;
}

async function toolNames(client: ProtocolClient): Promise<string[]> {
  const { tools } = (await client.request("tools/list")) as { tools: Named[] };
  return tools.map(({ name }) => name);
}

/** Lists the tools and calls the first, as a client does in most scenarios. */
const callOne: Steps = async (client) => {
  await client.open();
  const [name] = await toolNames(client);
  if (name !== undefined) await client.request("tools/call", { name, arguments: { a: 2, b: 3 } });
};

/** Calls every tool that it is shown, so that one shown wrongly is called. */
const callAll: Steps = async (client, { toolCalls }) => {
  await client.open();
  const names = await toolNames(client);
  const calls = toolCalls ?? names.map((name) => ({ name, arguments: {} }));
  for (const call of calls) await client.request("tools/call", { ...call });
};

/** Asks for all that has a name of its own. */
const useEverything: Steps = async (client) => {
  await client.open();
  for (const name of await toolNames(client))
    await client.request("tools/call", { name, arguments: {} });
  const { resources } = (await client.request("resources/list")) as {
    resources: { uri: string }[];
  };
  for (const { uri } of resources) await client.request("resources/read", { uri });
  const { prompts } = (await client.request("prompts/list")) as { prompts: Named[] };
  for (const { name } of prompts) await client.request("prompts/get", { name });
};

/** Answers what a tool asks for and calls again, with another call in between. */
const answerAndCallAgain: Steps = async (client) => {
  await client.open();
  await toolNames(client);
  for (const name of ["test_mrtr_echo_state", "test_mrtr_no_state", "test_mrtr_no_result_type"]) {
    const call = { name, arguments: {} };
    const { resultType, inputRequests, requestState } = await client.request("tools/call", call);
    if (resultType !== "input_required") continue;
    await client.request("tools/call", { name: "test_mrtr_unrelated", arguments: {} });
    const answer = { action: "accept", content: { confirmed: true } };
    const keys = Object.keys(inputRequests as Record<string, unknown>);
    await client.request("tools/call", {
      ...call,
      inputResponses: Object.fromEntries(keys.map((key) => [key, answer])),
      ...(requestState !== undefined && { requestState }),
    });
  }
};

const listOnly: Steps = async (client) => {
  await client.open();
  await toolNames(client);
};

/** Sends a schema back as it came, so that the referee sees what became of it on the way. */
const echoSchema: Steps = async (client) => {
  await client.open();
  const { tools } = (await client.request("tools/list")) as {
    tools: (Named & { inputSchema: unknown })[];
  };
  const shown = tools.find(({ name }) => name === "json_schema_2020_12_tool");
  await client.request("tools/call", {
    name: "json_schema_echo",
    arguments: { schema: shown?.inputSchema },
  });
};

const STEPS: Readonly<Record<string, Steps>> = {
  "elicitation-sep1034-client-defaults": callAll,
  "http-standard-headers": useEverything,
  "http-custom-headers": callAll,
  "http-invalid-tool-headers": callAll,
  "sep-2322-client-request-state": answerAndCallAgain,
  "json-schema-ref-no-deref": listOnly,
  "json-schema-2020-12-preservation": echoSchema,
  "request-metadata": listOnly,
};

/** What the person behind the client does in a scenario. Throws `RpcError` for what is answered with one. */
export function playScenario(
  scenario: string,
  client: ProtocolClient,
  context: ScenarioContext,
): Promise<void> {
  return (STEPS[scenario] ?? callOne)(client, context);
}
