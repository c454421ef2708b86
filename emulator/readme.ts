import { createHash } from "node:crypto";

import { type Answer, apiError, json, notFound } from "./answer.ts";
import type { StoredReadme } from "./readme-shelf.ts";
import type { Repository } from "./repositories.ts";

/** Above this GitHub gives a file as raw bytes only. */
const JSON_CONTENT_LIMIT_BYTES = 1024 * 1024;

export interface ReadmeQuery {
  url: string;
  repository: Repository;
  readme: StoredReadme | "none";
  accept: string;
  ref: string | null;
}

export function readmeAnswer({ url, repository, readme, accept, ref }: ReadmeQuery): Answer {
  if (ref !== null && ref !== repository.defaultBranch) {
    return apiError(404, `No commit found for the ref ${ref}`);
  }
  if (readme === "none") return notFound();
  if (wantsRaw(accept)) {
    const headers = { "content-type": "application/vnd.github.raw+json; charset=utf-8" };
    return { status: 200, headers, body: readme.bytes };
  }
  return json(200, fileDescription(url, repository, readme));
}

function wantsRaw(accept: string): boolean {
  return /\bvnd\.github(\.v3)?\.raw\b/.test(accept);
}

function fileDescription(url: string, repository: Repository, { path, bytes }: StoredReadme) {
  const { fullName, defaultBranch } = repository;
  const isSmall = bytes.byteLength <= JSON_CONTENT_LIMIT_BYTES;
  const sha = blobSha(bytes);
  const api = `${url}/api/v3/repos/${fullName}`;
  const self = `${api}/contents/${path}?ref=${defaultBranch}`;
  const git = `${api}/git/blobs/${sha}`;
  const page = `${url}/${fullName}/blob/${defaultBranch}/${path}`;
  return {
    name: path.split("/").at(-1),
    path,
    sha,
    size: bytes.byteLength,
    url: self,
    html_url: page,
    git_url: git,
    download_url: `${url}/${fullName}/raw/${defaultBranch}/${path}`,
    type: "file",
    content: isSmall ? base64Lines(bytes) : "",
    encoding: isSmall ? "base64" : "none",
    _links: { self, git, html: page },
  };
}

/** GitHub breaks the text after 60 characters, and ends it with a line feed. */
function base64Lines(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("base64")
    .replace(/.{1,60}/g, "$&\n");
}

function blobSha(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}
