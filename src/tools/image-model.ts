import * as z from "zod";

import { ToolError } from "../errors.ts";
import type { ImageModel } from "./define-tool.ts";

/** Clients refuse a whole answer over a picture that is no base64. */
const answerSchema = z.object({ image: z.base64().min(1) });
const TIMEOUT_MS = 9_000;

/** Rejects when the signal does: the binding is only asked to obey it. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

/** Workers AI's flux-1-schnell, which answers with a JPEG as base64. */
export function workersAiImages(ai: Ai): ImageModel {
  return {
    async draw(prompt, steps) {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const drawing = ai.run("@cf/black-forest-labs/flux-1-schnell", { prompt, steps }, { signal });
      const answer = await Promise.race([drawing, abortOf(signal)]).catch((cause: unknown) => {
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
