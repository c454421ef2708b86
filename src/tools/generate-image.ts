import * as z from "zod";

import { ToolError } from "../errors.ts";
import { defineTool, PURE } from "./define-tool.ts";

export const generateImage = defineTool({
  name: "generateImage",
  title: "Draw a picture",
  description: "Draws a picture from a description, with the Workers AI model flux-1-schnell.",
  scopes: ["mcp:tools"],
  input: z.object({
    prompt: z.string().min(1).max(2048).describe("What the picture shows"),
    steps: z
      .number()
      .int()
      .min(4)
      .max(8)
      .default(4)
      .describe("Diffusion steps, 4 to 8: more is slower and better"),
  }),
  output: z.object({ prompt: z.string(), steps: z.number().int(), mimeType: z.string() }),
  annotations: { ...PURE, idempotentHint: false, openWorldHint: true },
  isOffered: ({ images }) => images !== undefined,
  async run({ prompt, steps }, { images }) {
    if (!images) throw new ToolError("forbidden", "Pictures are not offered to this account.");
    const image = await images.draw(prompt, steps);
    return {
      data: { prompt, steps, mimeType: image.mimeType },
      text: `A picture was drawn in ${steps} steps.`,
      image,
    };
  },
});
