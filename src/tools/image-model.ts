import * as z from "zod";

import { ToolError } from "../errors.ts";
import type { ImageModel } from "./define-tool.ts";

const answerSchema = z.object({ image: z.string().min(1) });
const TIMEOUT_MS = 9_000;

/** Workers AI's flux-1-schnell, which answers with a JPEG as base64. */
export function workersAiImages(ai: Ai): ImageModel {
  return {
    async draw(prompt, steps) {
      const answer = await ai
        .run(
          "@cf/black-forest-labs/flux-1-schnell",
          { prompt, steps },
          { signal: AbortSignal.timeout(TIMEOUT_MS) },
        )
        .catch((cause: unknown) => {
          const message = "The image model is not available right now. Try again in a minute.";
          throw new ToolError("model_unavailable", message, { cause });
        });
      const parsed = answerSchema.safeParse(answer);
      if (!parsed.success) {
        throw new ToolError(
          "model_unavailable",
          "The image model drew nothing. Try again with other words.",
        );
      }
      return { data: parsed.data.image, mimeType: "image/jpeg" };
    },
  };
}
