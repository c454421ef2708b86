import { describe, expect, it } from "vitest";

import { emulatedGitHub } from "./emulated.ts";

const github = emulatedGitHub();
const README = "/repos/octocat/hello-world/readme";
const MEBIBYTE = 1024 * 1024;

const raw = (accept = "application/vnd.github.raw+json", path = README) =>
  github.api(path, undefined, { headers: { accept } });

const put = (bytes: Uint8Array, path?: string) =>
  github.control().putReadme({
    owner: "octocat",
    name: "hello-world",
    bytes,
    ...(path !== undefined && { path }),
  });

describe("a README", () => {
  it.each([
    "application/vnd.github.raw+json",
    "application/vnd.github.raw",
    "application/vnd.github.v3.raw",
  ])("comes as it is under the media type %s", async (accept) => {
    const response = await raw(accept);

    expect(response.headers.get("content-type")).toBe(
      "application/vnd.github.raw+json; charset=utf-8",
    );
    expect(await response.text()).toBe("# Hello World\n\nMy first repository on GitHub!\n");
  });

  it("comes as base64 in JSON otherwise", async () => {
    await put(Buffer.from("x".repeat(100)), "docs/README.rst");

    const file = (await (await github.api(README)).json()) as Record<string, string>;

    expect(file).toMatchObject({
      type: "file",
      name: "README.rst",
      path: "docs/README.rst",
      size: 100,
      encoding: "base64",
      html_url: `${github.url()}/octocat/hello-world/blob/main/docs/README.rst`,
    });
    expect(file.content!.split("\n")[0]).toHaveLength(60);
    expect(Buffer.from(file.content!, "base64").toString()).toBe("x".repeat(100));
  });

  it("has the name that git gives its bytes", async () => {
    await put(Buffer.from("hello\n"));

    expect(await (await github.api(README)).json()).toMatchObject({
      sha: "ce013625030ba8dba906f756967f9e9ca394464a",
    });
  });

  it.each([
    ["nothing at all", []],
    ["every byte there is", Array.from({ length: 256 }, (_, byte) => byte)],
    ["invalid UTF-8", [0xc3, 0x28, 0xa0, 0xff, 0xfe]],
    ["a byte order mark", [0xef, 0xbb, 0xbf, 0x23, 0x20, 0x48, 0x69]],
  ])("may hold %s", async (_, bytes) => {
    await put(Uint8Array.from(bytes));

    const asBytes = Buffer.from(await (await raw()).arrayBuffer());
    const { content, size } = (await (await github.api(README)).json()) as never;

    expect([...asBytes]).toEqual(bytes);
    expect([...Buffer.from(content, "base64")]).toEqual(bytes);
    expect(size).toBe(bytes.length);
  });

  it("comes without its content in JSON above one mebibyte", async () => {
    await put(Buffer.alloc(MEBIBYTE, "a"));
    expect(await (await github.api(README)).json()).toMatchObject({ encoding: "base64" });

    await put(Buffer.alloc(MEBIBYTE + 1, "a"));

    expect(await (await github.api(README)).json()).toMatchObject({
      content: "",
      encoding: "none",
      size: MEBIBYTE + 1,
    });
  });

  it("may weigh 100 MB", async () => {
    const weight = 100 * MEBIBYTE;
    await put(Buffer.alloc(weight, "a"));

    const response = await raw();
    let received = 0;
    for await (const chunk of response.body!) received += chunk.byteLength;

    expect(received).toBe(weight);
  });

  it("is not found when the repository has none", async () => {
    await github.control().deleteReadme("octocat", "hello-world");
    await github.control().createRepository({ owner: "mona", name: "bare" });

    expect((await raw()).status).toBe(404);
    expect((await raw(undefined, "/repos/mona/bare/readme")).status).toBe(404);
    expect((await raw(undefined, "/repos/mona/none/readme")).status).toBe(404);
  });

  it("is not found at a ref that does not exist", async () => {
    expect((await github.api(`${README}?ref=main`)).status).toBe(200);
    expect((await github.api(`${README}?ref=gone`)).status).toBe(404);
  });

  it("answers HEAD without a body", async () => {
    const response = await github.api(README, undefined, { method: "HEAD" });

    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  });
});

describe("a renamed repository", () => {
  it("leads from its former name to its number", async () => {
    const { id } = await github.control().renameRepository("octocat", "hello-world", "hi-world");

    const moved = await raw();

    expect(moved.status).toBe(301);
    const location = `${github.url()}/api/v3/repositories/${id}/readme`;
    expect(moved.headers.get("location")).toBe(location);
    const headers = { accept: "application/vnd.github.raw" };
    expect(await (await fetch(location, { headers })).text()).toContain("# Hello World");
    expect((await raw(undefined, "/repos/octocat/hi-world/readme")).status).toBe(200);
  });

  it("keeps its secret from who may not see it", async () => {
    await github.control().renameRepository("octocat", "private-notes", "diary");
    const old = "/repos/octocat/private-notes/readme";

    expect((await github.api(old, await github.token("hubot", "repo"))).status).toBe(404);
    expect((await github.api(old, await github.token("octocat"))).status).toBe(404);
    expect((await github.api(old, await github.token("octocat", "repo"))).status).toBe(301);
  });
});

describe("a renamed person", () => {
  it("keeps number, token and repositories under the new login", async () => {
    const token = await github.token("octocat", "repo");
    await github.control().renamePerson("octocat", "octodog");

    const user = await (await github.api("/user", token)).json();
    const notes = await (await github.api("/repos/octodog/private-notes", token)).json();

    expect(user).toMatchObject({
      login: "octodog",
      id: 583231,
      html_url: `${github.url()}/octodog`,
    });
    expect(notes).toMatchObject({
      full_name: "octodog/private-notes",
      owner: { login: "octodog" },
    });
    expect((await github.api("/users/octocat", token)).status).toBe(404);
    expect((await github.api("/users/octodog", token)).status).toBe(200);
    expect((await github.api("/repos/octocat/private-notes", token)).status).toBe(301);
  });

  it("cannot take a login that somebody has", async () => {
    await expect(github.control().renamePerson("octocat", "Hubot")).rejects.toThrow("409");
  });
});
