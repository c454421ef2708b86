import * as z from "zod";

import type { GitHubClient } from "./client.ts";
import { notFound, tooSlow, unreadable } from "./errors.ts";

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** What GitHub calls a raw file; anything else is somebody's error page, or GitHub's. */
const RAW = /^application\/vnd\.github\.(?:v3\.)?raw\b/;

export interface Excerpt {
  readonly bytes: Uint8Array;
  /** Whether the source had more bytes than the limit. */
  readonly truncated: boolean;
}

/** Reads at most `limit` bytes and cancels the rest, so that memory stays flat whatever comes. */
async function readUpTo(stream: ReadableStream<Uint8Array>, limit: number): Promise<Excerpt> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    total += value.byteLength;
    if (total > limit) {
      await reader.cancel().catch(() => undefined);
      break;
    }
  }
  const bytes = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return { bytes: bytes.subarray(0, limit), truncated: total > limit };
}

export interface ReadmeOptions {
  /** Bytes after which the README is cut. */
  readonly limit: number;
  /** Refuses a private repository, as if it did not exist. */
  readonly publicOnly: boolean;
}

/** Only a clear no counts as public. */
const publicSchema = z.object({ private: z.literal(false) });

async function refusePrivate(client: GitHubClient, repository: RepositoryName): Promise<void> {
  const { data } = await client.rest.repos.get({ ...repository });
  if (!publicSchema.safeParse(data).success) throw notFound();
}

/**
 * The README of a repository's default branch, under any name that GitHub accepts, as raw bytes:
 * the JSON form stops at 1 MB, the raw form does not.
 */
export async function fetchReadme(
  client: GitHubClient,
  repository: RepositoryName,
  { limit, publicOnly }: ReadmeOptions,
): Promise<Excerpt> {
  if (publicOnly) await refusePrivate(client, repository);
  const { data, headers } = await client.request("GET /repos/{owner}/{repo}/readme", {
    ...repository,
    mediaType: { format: "raw" },
    request: { parseSuccessResponseBody: false },
  });
  // Octokit's types describe the JSON form; unparsed, the data is the body itself, or nothing.
  const body: unknown = data;
  const stream = body instanceof ReadableStream ? body : new Blob().stream();
  if (!RAW.test(headers["content-type"] ?? "")) {
    await stream.cancel();
    throw unreadable();
  }
  try {
    return await readUpTo(stream, limit);
  } catch (error) {
    throw error instanceof Error && error.name === "TimeoutError" ? tooSlow() : unreadable();
  }
}
