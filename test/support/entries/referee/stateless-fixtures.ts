import {
  completable,
  fromJsonSchema,
  type McpServer,
  ResourceTemplate,
  type ServerContext,
} from "@modelcontextprotocol/server";
import * as z from "zod";

import type { RegisterStateless } from "../../../../src/mcp/register-tools.ts";
import {
  describeFixture,
  PROGRESS_STEPS,
  PROMPT_ANSWERS,
  pause,
  promptWithArguments,
  promptWithResource,
  RESOURCE_TEMPLATE,
  RESOURCES,
  says,
  templateContent,
  TOOL_ANSWERS,
  TOOL_ERROR,
} from "./content.ts";
import {
  answerable,
  CONVERSATIONS,
  nextQuestion,
  PROMPT_CONVERSATION,
  stateCodec,
} from "./conversations.ts";
import { SCHEMAS } from "./schemas.ts";

/** The fixtures of the stateless revision, where questions to the client are results. */
export const registerStatelessFixtures: RegisterStateless = Object.assign(registerFixtures, {
  requestState: { verify: stateCodec.verify },
});

/** As the tools of the server that ships: what is registered stays as it is, and says so. */
const UNCHANGING = { prompts: { listChanged: false }, resources: { listChanged: false } };

function registerFixtures(server: McpServer): void {
  // Without the capability nothing is ever logged, and silence would prove nothing.
  server.server.registerCapabilities({ logging: {}, ...UNCHANGING });
  registerAnswers(server);
  registerNotifiers(server);
  registerConversations(server);
  registerResources(server);
  registerPrompts(server);
}

function registerAnswers(server: McpServer): void {
  const answers = { ...TOOL_ANSWERS, test_streaming_elicitation: [says("Nothing to ask.")] };
  for (const [name, content] of Object.entries(answers)) {
    server.registerTool(name, describeFixture(name), () => ({ content }));
  }
  server.registerTool("test_error_handling", describeFixture("test_error_handling"), () => {
    throw new Error(TOOL_ERROR);
  });
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    const inputSchema = fromJsonSchema(schema);
    server.registerTool(name, { ...describeFixture(name), inputSchema }, (input) => ({
      content: [says(JSON.stringify(input))],
    }));
  }
}

function registerNotifiers(server: McpServer): void {
  const logging = "test_logging_tool";
  server.registerTool(logging, describeFixture(logging), async ({ mcpReq }) => {
    await mcpReq.log("info", "Only for requests that set a log level.");
    return { content: [says("Logged.")] };
  });
  const counting = "test_tool_with_progress";
  server.registerTool(counting, describeFixture(counting), async ({ mcpReq }) => {
    const { _meta } = mcpReq;
    const progressToken = _meta?.progressToken;
    for (const progress of PROGRESS_STEPS) {
      if (progressToken !== undefined) {
        const params = { progressToken, progress, total: 100 };
        await mcpReq.notify({ method: "notifications/progress", params });
      }
      await pause();
    }
    return { content: [says("Counted.")] };
  });
}

function registerConversations(server: McpServer): void {
  for (const [name, conversation] of Object.entries(CONVERSATIONS)) {
    server.registerTool(
      name,
      describeFixture(name),
      async (ctx) =>
        (await nextQuestion(conversation, ctx)) ?? { content: [says(conversation.answer)] },
    );
  }
  const choosy = "test_input_required_result_capabilities";
  server.registerTool(choosy, describeFixture(choosy), () =>
    answerable(server.server.getClientCapabilities()),
  );
}

function registerResources(server: McpServer): void {
  for (const resource of RESOURCES) {
    const { uri, mimeType } = resource;
    const metadata = { ...describeFixture(uri), mimeType };
    server.registerResource(uri, uri, metadata, () => ({ contents: [resource] }));
  }
  const template = new ResourceTemplate(RESOURCE_TEMPLATE, { list: undefined });
  server.registerResource(
    "template",
    template,
    describeFixture(RESOURCE_TEMPLATE),
    (uri, { id }) => ({ contents: [templateContent(uri, id)] }),
  );
}

function registerPrompts(server: McpServer): void {
  for (const [name, messages] of Object.entries(PROMPT_ANSWERS)) {
    server.registerPrompt(name, describeFixture(name), () => ({ messages }));
  }
  const withArguments = "test_prompt_with_arguments";
  const argsSchema = z.object({
    arg1: completable(z.string(), () => ["testing"]),
    arg2: z.string(),
  });
  server.registerPrompt(
    withArguments,
    { ...describeFixture(withArguments), argsSchema },
    (args) => ({ messages: promptWithArguments(args) }),
  );
  const withResource = "test_prompt_with_embedded_resource";
  server.registerPrompt(
    withResource,
    { ...describeFixture(withResource), argsSchema: z.object({ resourceUri: z.string() }) },
    (args) => ({ messages: promptWithResource(args) }),
  );
  const asking = "test_input_required_result_prompt";
  server.registerPrompt(
    asking,
    describeFixture(asking),
    async (ctx: ServerContext) =>
      (await nextQuestion(PROMPT_CONVERSATION, ctx)) ?? {
        messages: [{ role: "user", content: says(PROMPT_CONVERSATION.answer) }],
      },
  );
}
