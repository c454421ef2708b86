import { add } from "./add.ts";
import type { Tool } from "./define-tool.ts";
import { generateImage } from "./generate-image.ts";
import { getGithubReadme } from "./get-github-readme.ts";
import { userInfoOctokit } from "./user-info-octokit.ts";
import { whoami } from "./whoami.ts";

/** Every tool, in the order in which clients see them. */
export const tools: readonly Tool[] = [
  add,
  userInfoOctokit,
  getGithubReadme,
  whoami,
  generateImage,
];
