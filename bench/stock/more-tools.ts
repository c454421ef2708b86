import * as z from "zod";

/** Tools in numbers, so that both servers can be asked for a long list of the same ones. */
export interface MoreTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly readsOnly: boolean;
  readonly input: z.ZodObject;
}

const RESOURCES = [
  ["branch", "branches"],
  ["commit", "commits"],
  ["pull request", "pull requests"],
  ["review", "reviews"],
  ["review comment", "review comments"],
  ["issue", "issues"],
  ["issue comment", "issue comments"],
  ["label", "labels"],
  ["milestone", "milestones"],
  ["project", "projects"],
  ["project item", "project items"],
  ["discussion", "discussions"],
  ["release", "releases"],
  ["release asset", "release assets"],
  ["tag", "tags"],
  ["workflow", "workflows"],
  ["workflow run", "workflow runs"],
  ["workflow job", "workflow jobs"],
  ["artifact", "artifacts"],
  ["runner", "runners"],
  ["deployment", "deployments"],
  ["environment", "environments"],
  ["variable", "variables"],
  ["webhook", "webhooks"],
  ["ruleset", "rulesets"],
  ["collaborator", "collaborators"],
  ["team", "teams"],
  ["invitation", "invitations"],
  ["notification", "notifications"],
  ["gist", "gists"],
  ["package", "packages"],
  ["code scanning alert", "code scanning alerts"],
  ["secret scanning alert", "secret scanning alerts"],
  ["dependency alert", "dependency alerts"],
  ["security advisory", "security advisories"],
  ["check run", "check runs"],
  ["check suite", "check suites"],
  ["commit status", "commit statuses"],
  ["deploy key", "deploy keys"],
  ["page build", "page builds"],
] as const;

const REPOSITORY = {
  owner: z.string().min(1).max(39).describe("The person or organisation that owns the repository"),
  repo: z.string().min(1).max(100).describe("The repository's name, without the owner"),
};

const ONE = { ...REPOSITORY, id: z.number().int().positive().describe("Which one, by its number") };

const CONTENT = {
  title: z.string().min(1).max(256).describe("One line that says what it is"),
  body: z.string().max(65_536).optional().describe("The text, in GitHub's Markdown"),
  labels: z.array(z.string().max(50)).max(100).optional().describe("Names of labels to put on it"),
  assignees: z.array(z.string().max(39)).max(10).optional().describe("Logins of who takes care"),
};

const PAGE = {
  ...REPOSITORY,
  state: z.enum(["open", "closed", "all"]).default("open").describe("Which of them to list"),
  sort: z.enum(["created", "updated", "comments"]).optional().describe("What to sort by"),
  direction: z.enum(["asc", "desc"]).optional().describe("The order of what is listed"),
  since: z.string().optional().describe("Only what changed after this time, in ISO 8601"),
  page: z.number().int().min(1).default(1).describe("Which page, from 1"),
  perPage: z.number().int().min(1).max(100).default(30).describe("How many on a page"),
};

interface Verb {
  readonly word: string;
  readonly input: z.ZodRawShape;
  readonly takesMany?: true;
  readonly readsOnly?: true;
  says(what: string): string;
}

const VERBS: readonly Verb[] = [
  {
    word: "list",
    input: PAGE,
    takesMany: true,
    readsOnly: true,
    says: (many) => `Lists the ${many} of a repository, a page at a time, filtered and sorted.`,
  },
  {
    word: "get",
    input: ONE,
    readsOnly: true,
    says: (one) => `Returns one ${one} of a repository with all its details.`,
  },
  {
    word: "create",
    input: { ...REPOSITORY, ...CONTENT },
    says: (one) => `Creates one ${one} in a repository and returns it. Ask the person before.`,
  },
  {
    word: "update",
    input: { ...ONE, ...CONTENT },
    says: (one) => `Changes one ${one} of a repository; what is left out stays as it is.`,
  },
  {
    word: "delete",
    input: ONE,
    says: (one) => `Deletes one ${one} of a repository for good. Ask the person before.`,
  },
];

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function toolOf(verb: Verb, [one, many]: readonly [string, string]): MoreTool {
  const what = verb.takesMany ? many : one;
  return {
    name: `${verb.word}${what.split(" ").map(capital).join("")}`,
    title: `${capital(verb.word)} ${what}`,
    description: verb.says(what),
    readsOnly: verb.readsOnly ?? false,
    // Each tool of a real server has a schema of its own, even where two look alike.
    input: z.object(verb.input),
  };
}

/** The first `count` of 200 tools, as a large server for GitHub has them. They do nothing. */
export function moreTools(count: number): MoreTool[] {
  return RESOURCES.flatMap((resource) => VERBS.map((verb) => toolOf(verb, resource))).slice(
    0,
    count,
  );
}
