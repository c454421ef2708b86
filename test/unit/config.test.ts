import { describe, expect, it } from "vitest";

import { loadConfig } from "../../src/config.ts";

const REQUIRED = {
  GITHUB_CLIENT_ID: "id",
  GITHUB_CLIENT_SECRET: "secret",
  SERVER_SECRET: "x".repeat(32),
};

describe("loadConfig", () => {
  it("needs three secrets and has a default for all else", () => {
    expect(loadConfig(REQUIRED)).toEqual({
      github: {
        url: "https://github.com",
        clientId: "id",
        clientSecret: "secret",
        app: undefined,
      },
      allowGitHubTokens: false,
      google: {
        audiences: new Set(),
        principals: [],
        certsUrl: "https://www.googleapis.com/oauth2/v3/certs",
      },
      serverSecrets: ["x".repeat(32)],
      publicUrl: undefined,
      allowedOrigins: new Set(),
      sessionIdleSeconds: 86_400,
      accessTokenSeconds: 3600,
      allowedLogins: new Set(),
      allowedOrgs: new Set(),
      contact: undefined,
      toolNames: new Set(),
      readOnly: false,
      logLevel: "info",
      exampleTools: false,
      imageLogins: new Set(),
    });
  });

  it.each(["1", "3600", 2_592_000])("takes %j seconds for idle sessions", (seconds) => {
    const config = loadConfig({ ...REQUIRED, SESSION_IDLE_SECONDS: seconds });

    expect(config.sessionIdleSeconds).toBe(Number(seconds));
  });

  it.each(["0", "-1", "1.5", "a day", "2592001", "Infinity"])(
    "refuses %j seconds for idle sessions",
    (seconds) => {
      expect(() => loadConfig({ ...REQUIRED, SESSION_IDLE_SECONDS: seconds })).toThrow(
        /SESSION_IDLE_SECONDS/,
      );
    },
  );

  it.each(["60", "86400"])("takes %j seconds for the life of access tokens", (seconds) => {
    const config = loadConfig({ ...REQUIRED, ACCESS_TOKEN_SECONDS: seconds });

    expect(config.accessTokenSeconds).toBe(Number(seconds));
  });

  it.each(["59", "86401", "an hour"])(
    "refuses %j seconds for the life of access tokens",
    (seconds) => {
      expect(() => loadConfig({ ...REQUIRED, ACCESS_TOKEN_SECONDS: seconds })).toThrow(
        /ACCESS_TOKEN_SECONDS/,
      );
    },
  );

  it("takes empty vars, as wrangler.jsonc has them, for unset", () => {
    const config = loadConfig({
      ...REQUIRED,
      PUBLIC_URL: "",
      ALLOWED_ORIGINS: "",
      SESSION_IDLE_SECONDS: "",
      ACCESS_TOKEN_SECONDS: "",
      ALLOWED_LOGINS: "",
      ALLOWED_ORGS: "",
      CONTACT: "",
      TOOLS: "",
      READ_ONLY: "",
      ALLOW_GITHUB_TOKENS: "",
      GOOGLE_AUDIENCES: "",
      GOOGLE_PRINCIPALS: "",
      GITHUB_APP_ID: "",
      GITHUB_APP_INSTALLATION_ID: "",
      GITHUB_APP_PRIVATE_KEY: "",
      LOG_LEVEL: "",
      EXAMPLE_TOOLS: "",
      IMAGE_LOGINS: "",
    });

    expect(config).toEqual(loadConfig(REQUIRED));
  });

  it("takes three levels of the log, and no other word", () => {
    const levelOf = (LOG_LEVEL: string) => loadConfig({ ...REQUIRED, LOG_LEVEL }).logLevel;

    expect(["info", "warn", "error"].map(levelOf)).toEqual(["info", "warn", "error"]);
    expect(() => levelOf("debug")).toThrow(/must be info, warn or error[\s\S]*LOG_LEVEL/);
  });

  it("reads lists with spaces, capitals and empty entries", () => {
    const config = loadConfig({ ...REQUIRED, IMAGE_LOGINS: " Octocat, ,hubot," });

    expect(config.imageLogins).toEqual(new Set(["octocat", "hubot"]));
  });

  it("reads who may present an ID token of Google, and with which scopes", () => {
    const GOOGLE_PRINCIPALS =
      "serviceAccount:CI@acme.iam.gserviceaccount.com=mcp:tools github:read, domain:acme.example";
    const { google } = loadConfig({ ...REQUIRED, GOOGLE_PRINCIPALS });

    expect(google.principals).toEqual([
      {
        kind: "serviceAccount",
        name: "ci@acme.iam.gserviceaccount.com",
        scopes: ["mcp:tools", "github:read"],
      },
      { kind: "domain", name: "acme.example", scopes: [] },
    ]);
  });

  it.each(["ada@acme.example", "user:acme.example", "domain:ada@acme.example", "allUsers"])(
    "refuses the principal %s",
    (GOOGLE_PRINCIPALS) => {
      expect(() => loadConfig({ ...REQUIRED, GOOGLE_PRINCIPALS })).toThrow(/GOOGLE_PRINCIPALS/);
    },
  );

  it("takes a GitHub App whole, with the line ends of its key in either form, or not at all", () => {
    const key = "-----BEGIN PRIVATE KEY-----\\nMII\\n-----END PRIVATE KEY-----";
    const app = { GITHUB_APP_ID: "1", GITHUB_APP_INSTALLATION_ID: "2" };

    expect(loadConfig({ ...REQUIRED, ...app, GITHUB_APP_PRIVATE_KEY: key }).github.app).toEqual({
      id: 1,
      installationId: 2,
      privateKey: key.replaceAll("\\n", "\n"),
    });
    expect(() => loadConfig({ ...REQUIRED, ...app })).toThrow(/go together/);
  });

  it("refuses a private key in the form in which GitHub gives it, and says how to turn it", () => {
    const GITHUB_APP_PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nMII";

    expect(() => loadConfig({ ...REQUIRED, GITHUB_APP_PRIVATE_KEY })).toThrow(/openssl pkcs8/);
  });

  it.each(["ALLOWED_LOGINS", "ALLOWED_ORGS"])("takes logins in %s, and nothing else", (name) => {
    const { allowedLogins, allowedOrgs } = loadConfig({
      ...REQUIRED,
      [name]: " Octo-Cat , mona_acme",
    });
    expect([...allowedLogins, ...allowedOrgs]).toEqual(["octo-cat", "mona_acme"]);

    for (const faulty of ["@octocat", "octo cat", "ada@example.com", "octocat;hubot", "a/../b"]) {
      expect(() => loadConfig({ ...REQUIRED, [name]: faulty })).toThrow(name);
    }
  });

  it.each(["ALLOWED_LOGINS", "ALLOWED_ORGS", "TOOLS"])(
    "refuses commas without a name in %s, which would limit nothing",
    (name) => {
      for (const faulty of [",", " , , "]) {
        expect(() => loadConfig({ ...REQUIRED, [name]: faulty })).toThrow(name);
      }
    },
  );

  it("takes one line of plain text for whom to ask", () => {
    const contact = "Jörg, <joerg@example.com>";
    expect(loadConfig({ ...REQUIRED, CONTACT: ` ${contact} ` }).contact).toBe(contact);

    for (const faulty of ["a\nb", "a\u202Eb", "a\u2028b", "a\0b", "x".repeat(201)]) {
      expect(() => loadConfig({ ...REQUIRED, CONTACT: faulty })).toThrow("CONTACT");
    }
  });

  it("takes true and false for READ_ONLY, as text and as JSON, and no other word", () => {
    for (const yes of ["true", true]) {
      expect(loadConfig({ ...REQUIRED, READ_ONLY: yes }).readOnly).toBe(true);
    }
    for (const no of ["false", false]) {
      expect(loadConfig({ ...REQUIRED, READ_ONLY: no }).readOnly).toBe(false);
    }
    for (const faulty of ["yes", "1", "True", 1]) {
      expect(() => loadConfig({ ...REQUIRED, READ_ONLY: faulty })).toThrow("READ_ONLY");
    }
  });

  it.each([
    "https://mcp.example.com",
    "https://mcp.example.com/",
    "http://localhost:8788",
    "http://[::1]:8788",
  ])("takes %s as an address", (url) => {
    expect(loadConfig({ ...REQUIRED, PUBLIC_URL: url }).publicUrl).toBe(url.replace(/\/$/, ""));
  });

  it.each([
    "http://mcp.example.com",
    "https://mcp.example.com/mcp",
    "https://user@mcp.example.com",
    "https://mcp.example.com/?a=b",
    "mcp.example.com",
    "ftp://mcp.example.com",
  ])("refuses %s as an address", (url) => {
    expect(() => loadConfig({ ...REQUIRED, PUBLIC_URL: url })).toThrow("PUBLIC_URL");
  });

  it("takes allowed origins with a slash at the end, and refuses what is no origin", () => {
    const config = loadConfig({
      ...REQUIRED,
      ALLOWED_ORIGINS: "https://a.example/, http://localhost:6274",
    });

    expect(config.allowedOrigins).toEqual(new Set(["https://a.example", "http://localhost:6274"]));
    expect(() =>
      loadConfig({ ...REQUIRED, ALLOWED_ORIGINS: "https://a.example, a.example" }),
    ).toThrow("ALLOWED_ORIGINS");
  });

  it("puts former server secrets behind the current one, as they are written", () => {
    const former = ["A".repeat(32), "b".repeat(40)];
    const config = loadConfig({ ...REQUIRED, PREVIOUS_SERVER_SECRETS: ` ${former.join(" , ")},` });

    expect(config.serverSecrets).toEqual(["x".repeat(32), ...former]);
  });

  it("refuses a former server secret that is too short, and does not show it", () => {
    const faulty = { ...REQUIRED, PREVIOUS_SERVER_SECRETS: `${"a".repeat(32)},hunter2` };

    expect(() => loadConfig(faulty)).toThrow(
      /at least 32 characters[\s\S]*PREVIOUS_SERVER_SECRETS/,
    );
    expect(() => loadConfig(faulty)).not.toThrow(/hunter2|aaaa/);
  });

  it("names every fault at once, and no value", () => {
    const faulty = {
      GITHUB_CLIENT_SECRET: "",
      SERVER_SECRET: "hunter2",
      GITHUB_URL: "nowhere-special",
    };

    expect(() => loadConfig(faulty)).toThrow(
      /GITHUB_CLIENT_ID[\s\S]*GITHUB_CLIENT_SECRET[\s\S]*SERVER_SECRET[\s\S]*GITHUB_URL/,
    );
    expect(() => loadConfig(faulty)).not.toThrow(/hunter2|nowhere-special/);
  });
});
