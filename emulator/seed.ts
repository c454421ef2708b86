/** What the local GitHub holds when it starts: the same in `npm start`, tests, docs and benchmarks. */

export interface SeedPerson {
  id: number;
  login: string;
  name: string;
  email: string;
  bio: string;
  company: string;
  location: string;
  blog: string;
}

export interface SeedRepository {
  owner: string;
  name: string;
  private: boolean;
  description: string;
  readme: string;
}

export interface SeedOrganisation {
  login: string;
  name: string;
  description: string;
  members: { login: string; role: "admin" | "member" }[];
}

export const SEED_PEOPLE: readonly SeedPerson[] = [
  {
    id: 583231,
    login: "octocat",
    name: "The Octocat",
    email: "octocat@github.com",
    bio: "Mascot, eight arms, one keyboard.",
    company: "@octo-org",
    location: "San Francisco",
    blog: "https://github.blog",
  },
  {
    id: 480938,
    login: "hubot",
    name: "Hubot",
    email: "hubot@github.com",
    bio: "Writes a diary that nobody else may read.",
    company: "GitHub",
    location: "A chat room",
    blog: "https://hubot.github.com",
  },
  {
    id: 1024025,
    login: "mona",
    name: "Mona Lisa Octocat",
    email: "mona@github.com",
    bio: "Belongs to no organisation.",
    company: "",
    location: "Paris",
    blog: "",
  },
  {
    id: 2048051,
    login: "codercat",
    name: "Coder Cat",
    email: "codercat@github.com",
    bio: "Here for tests with many people.",
    company: "",
    location: "A keyboard",
    blog: "",
  },
  {
    id: 2048052,
    login: "bibliocat",
    name: "Biblio Cat",
    email: "bibliocat@github.com",
    bio: "Reads every README.",
    company: "",
    location: "A library",
    blog: "",
  },
];

export const SEED_REPOSITORIES: readonly SeedRepository[] = [
  {
    owner: "octocat",
    name: "hello-world",
    private: false,
    description: "My first repository on GitHub!",
    readme: "# Hello World\n\nMy first repository on GitHub!\n",
  },
  {
    owner: "octocat",
    name: "private-notes",
    private: true,
    description: "Notes that only octocat may read.",
    readme: "# Private notes\n\nThe treasure is buried under the third palm tree.\n",
  },
  {
    owner: "hubot",
    name: "robot-diary",
    private: true,
    description: "A diary that only hubot may read.",
    readme: "# Robot diary\n\nDear diary, today I shipped a squirrel.\n",
  },
];

export const SEED_ORGANISATIONS: readonly SeedOrganisation[] = [
  {
    login: "octo-org",
    name: "Octo Org",
    description: "The organisation of the Octocat.",
    members: [{ login: "octocat", role: "admin" }],
  },
];

type AppKind = "oauth" | "github-app";

/** What a token was made for: an app on somebody's behalf, by a person for a script, or an app itself. */
export type TokenKind = AppKind | "classic" | "fine-grained" | "installation";

export interface EmulatedApp {
  kind: AppKind;
  name: string;
  clientId: string;
  clientSecret: string;
}

/** A classic OAuth App: tokens carry scopes and do not expire. */
export const EMULATED_OAUTH_APP: EmulatedApp = {
  kind: "oauth",
  name: "GitHub MCP Worker (OAuth App)",
  clientId: "Ov23liEmulatedOAuth0",
  clientSecret: "emulated-oauth-app-secret-0123456789abcd",
};

/** A GitHub App: tokens carry no scopes, expire after eight hours, and come with a refresh token. */
export const EMULATED_GITHUB_APP: EmulatedApp = {
  kind: "github-app",
  name: "GitHub MCP Worker (GitHub App)",
  clientId: "Iv1.e2e0000000000001",
  clientSecret: "emulated-github-app-secret-0123456789abc",
};

/** The GitHub App again, as itself: it is installed for octocat, and reads what octocat owns. */
export const EMULATED_INSTALLATION = { appId: 4711, id: 815, login: "octocat" };

export const EMULATED_APPS: readonly EmulatedApp[] = [EMULATED_OAUTH_APP, EMULATED_GITHUB_APP];
