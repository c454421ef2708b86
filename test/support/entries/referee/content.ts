import type { ContentBlock, PromptMessage } from "@modelcontextprotocol/server";

/** What the referee's fixtures answer in every era; its scenarios fix the names and the values. */

/** One red pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

/** A header without samples. */
const WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

const image: ContentBlock = { type: "image", data: PNG, mimeType: "image/png" };

function embedded(uri: string, mimeType: string, text: string): ContentBlock {
  return { type: "resource", resource: { uri, mimeType, text } };
}

export function says(text: string): ContentBlock {
  return { type: "text", text };
}

export const TOOL_ANSWERS: Readonly<Record<string, ContentBlock[]>> = {
  test_simple_text: [says("This is a simple text response for testing.")],
  test_image_content: [image],
  test_audio_content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }],
  test_embedded_resource: [
    embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."),
  ],
  test_multiple_content_types: [
    says("Multiple content types test:"),
    image,
    embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
  ],
};

export const TOOL_ERROR = "This tool intentionally returns an error for testing";

function asked(...contents: ContentBlock[]): PromptMessage[] {
  return contents.map((content) => ({ role: "user", content }));
}

export const PROMPT_ANSWERS: Readonly<Record<string, PromptMessage[]>> = {
  test_simple_prompt: asked(says("This is a simple prompt for testing.")),
  test_prompt_with_image: asked(image, says("Please analyze the image above.")),
};

export function promptWithArguments(args: { arg1: string; arg2: string }): PromptMessage[] {
  return asked(says(`Prompt with arguments: arg1='${args.arg1}', arg2='${args.arg2}'`));
}

export function promptWithResource(args: { resourceUri: string }): PromptMessage[] {
  return asked(
    embedded(args.resourceUri, "text/plain", "Embedded resource content for testing."),
    says("Please process the embedded resource above."),
  );
}

type ResourceContent = { uri: string; mimeType: string } & ({ text: string } | { blob: string });

export const RESOURCES: readonly ResourceContent[] = [
  {
    uri: "test://static-text",
    mimeType: "text/plain",
    text: "This is the content of the static text resource.",
  },
  { uri: "test://static-binary", mimeType: "image/png", blob: PNG },
  { uri: "test://watched-resource", mimeType: "text/plain", text: "Watched resource content." },
];

export const RESOURCE_TEMPLATE = "test://template/{id}/data";

export function templateContent(uri: URL, id: unknown): ResourceContent {
  const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` });
  return { uri: uri.href, mimeType: "application/json", text };
}

export const LOG_LINES = [
  "Tool execution started",
  "Tool processing data",
  "Tool execution completed",
];

export const PROGRESS_STEPS = [0, 50, 100];

/** The referee asks for a moment between two notifications, so that each arrives on its own. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
}

export function describeFixture(name: string): { description: string } {
  return { description: `The referee's fixture ${name}` };
}
