import { describe, expect, it } from "vitest";

import { githubServer } from "../../../src/github/server.ts";

describe("githubServer", () => {
  it.each([
    {
      named: "github.com",
      url: "https://github.com",
      server: { web: "https://github.com", api: "https://api.github.com", host: "github.com" },
    },
    {
      named: "a ghe.com tenant",
      url: "https://octo.ghe.com",
      server: {
        web: "https://octo.ghe.com",
        api: "https://api.octo.ghe.com",
        host: "octo.ghe.com",
      },
    },
    {
      named: "a GitHub Enterprise Server",
      url: "https://git.example.com",
      server: {
        web: "https://git.example.com",
        api: "https://git.example.com/api/v3",
        host: "git.example.com",
      },
    },
    {
      named: "a server on a port of its own",
      url: "http://localhost:4001",
      server: {
        web: "http://localhost:4001",
        api: "http://localhost:4001/api/v3",
        host: "localhost:4001",
      },
    },
    {
      named: "a host that only ends like github.com",
      url: "https://notgithub.com",
      server: {
        web: "https://notgithub.com",
        api: "https://notgithub.com/api/v3",
        host: "notgithub.com",
      },
    },
    {
      named: "a host that only begins like github.com",
      url: "https://github.com.example",
      server: {
        web: "https://github.com.example",
        api: "https://github.com.example/api/v3",
        host: "github.com.example",
      },
    },
  ])("finds site, API and name of $named", ({ url, server }) => {
    expect(githubServer(url)).toEqual(server);
  });

  it("keeps nothing of a path", () => {
    expect(githubServer("https://github.com/octocat")).toEqual(githubServer("https://github.com"));
  });
});
