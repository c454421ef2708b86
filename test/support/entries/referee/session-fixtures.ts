import { completable } from "@modelcontextprotocol/sdk/server/completable.js";
import { type McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  CreateMessageResultSchema,
  ElicitResultSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";

import type { RegisterSession } from "../../../../src/mcp/register-tools.ts";
import {
  describeFixture,
  LOG_LINES,
  pause,
  PROGRESS_STEPS,
  PROMPT_ANSWERS,
  promptWithArguments,
  promptWithResource,
  RESOURCE_TEMPLATE,
  RESOURCES,
  says,
  templateContent,
  TOOL_ANSWERS,
  TOOL_ERROR,
} from "./content.ts";
import { FORMS } from "./forms.ts";
import { SCHEMAS } from "./schemas.ts";

/** The fixtures of the session revisions, where a server may ask its client in the middle of a call. */
export const registerSessionFixtures: RegisterSession = (server) => {
  server.server.registerCapabilities({ logging: {}, resources: { subscribe: true } });
  for (const schema of [SetLevelRequestSchema, SubscribeRequestSchema, UnsubscribeRequestSchema]) {
    server.server.setRequestHandler(schema, () => ({}));
  }
  registerAnswers(server);
  registerNotifiers(server);
  registerQuestions(server);
  registerResources(server);
  registerPrompts(server);
};

function registerAnswers(server: McpServer): void {
  for (const [name, content] of Object.entries(TOOL_ANSWERS)) {
    server.registerTool(name, describeFixture(name), () => ({ content }));
  }
  server.registerTool("test_error_handling", describeFixture("test_error_handling"), () => {
    throw new Error(TOOL_ERROR);
  });
  const name = "json_schema_2020_12_tool";
  server.registerTool(name, { ...describeFixture(name), inputSchema: conditions() }, (input) => ({
    content: [says(JSON.stringify(input))],
  }));
}

/** Printed by the code that ships; only the words that Zod cannot say are taken over as they are. */
function conditions(): z.ZodObject {
  const { allOf, if: condition, then, else: otherwise } = SCHEMAS["json_schema_2020_12_tool"]!;
  const address = z.object({ street: z.string(), city: z.string() }).partial();
  return (
    z
      .strictObject({
        name: z.string(),
        address: address.meta({ id: "address", $anchor: "addressDef" }),
        contactMethod: z.enum(["phone", "email"]),
        phone: z.string(),
        email: z.string(),
      })
      .partial()
      // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema, and nothing awaits it.
      .meta({ allOf, if: condition, then, else: otherwise })
  );
}

function registerNotifiers(server: McpServer): void {
  const logging = "test_tool_with_logging";
  server.registerTool(logging, describeFixture(logging), async ({ sendNotification }) => {
    for (const data of LOG_LINES) {
      await sendNotification({ method: "notifications/message", params: { level: "info", data } });
      await pause();
    }
    return { content: [says("Logged.")] };
  });
  const counting = "test_tool_with_progress";
  server.registerTool(counting, describeFixture(counting), async ({ _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken;
    for (const progress of PROGRESS_STEPS) {
      if (progressToken !== undefined) {
        const params = { progressToken, progress, total: 100 };
        await sendNotification({ method: "notifications/progress", params });
      }
      await pause();
    }
    return { content: [says("Counted.")] };
  });
  const polling = "test_reconnection";
  server.registerTool(polling, describeFixture(polling), async ({ closeSSEStream }) => {
    closeSSEStream?.();
    await pause();
    return { content: [says("Reconnected.")] };
  });
}

function registerQuestions(server: McpServer): void {
  const sampling = "test_sampling";
  const prompted = { ...describeFixture(sampling), inputSchema: { prompt: z.string() } };
  server.registerTool(sampling, prompted, async ({ prompt }, { sendRequest }) => {
    const messages = [{ role: "user" as const, content: { type: "text" as const, text: prompt } }];
    const { content } = await sendRequest(
      { method: "sampling/createMessage", params: { messages, maxTokens: 100 } },
      CreateMessageResultSchema,
    );
    return { content: [says(`LLM response: ${content.type === "text" ? content.text : ""}`)] };
  });
  const inputSchema = { message: z.string().default("Please fill in this form.") };
  for (const [name, properties] of Object.entries(FORMS)) {
    const requestedSchema = { type: "object" as const, properties };
    const config = { ...describeFixture(name), inputSchema };
    server.registerTool(name, config, async ({ message }, { sendRequest }) => {
      const { action, content } = await sendRequest(
        { method: "elicitation/create", params: { message, requestedSchema } },
        ElicitResultSchema,
      );
      const outcome = `action=${action}, content=${JSON.stringify(content ?? {})}`;
      return { content: [says(`Elicitation completed: ${outcome}`)] };
    });
  }
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
  const argsSchema = { arg1: completable(z.string(), () => ["testing"]), arg2: z.string() };
  server.registerPrompt(
    withArguments,
    { ...describeFixture(withArguments), argsSchema },
    (args) => ({ messages: promptWithArguments(args) }),
  );
  const withResource = "test_prompt_with_embedded_resource";
  server.registerPrompt(
    withResource,
    { ...describeFixture(withResource), argsSchema: { resourceUri: z.string() } },
    (args) => ({ messages: promptWithResource(args) }),
  );
}
