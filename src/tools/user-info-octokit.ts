import * as z from "zod";

import { fetchProfile, profileSchema } from "../github/profile.ts";
import { defineTool, READS_GITHUB } from "./define-tool.ts";

export const userInfoOctokit = defineTool({
  name: "userInfoOctokit",
  title: "Who am I on GitHub",
  description:
    "Returns the GitHub profile of the person who is signed in: login, name, bio, company, location and counts.",
  scopes: ["mcp:tools", "github:read"],
  input: z.object({}),
  output: profileSchema,
  annotations: READS_GITHUB,
  peopleOnly: true,
  async run(_input, context) {
    const profile = await fetchProfile(context.github());
    const lines = Object.entries(profile)
      .filter(([, value]) => value !== null)
      .map(([field, value]) => `${field}: ${value}`);
    return { data: profile, text: lines.join("\n") };
  },
});
