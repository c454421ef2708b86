/**
 * What can go wrong in a tool, as a closed set: one switch makes them from GitHub's answers
 * (`github/errors.ts`), one place spends them (`mcp/call-tool.ts`).
 */
export type ToolErrorCode =
  | "signed_out"
  | "sso_required"
  | "forbidden"
  | "not_found"
  | "rate_limited"
  | "invalid_input"
  | "github_unavailable"
  | "server_unavailable"
  | "model_unavailable";

/** A failure whose message was written here, for the model: what happened, then what to do. */
export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly code: ToolErrorCode;

  constructor(code: ToolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The Worker's settings are wrong: every fault, one a line. For the log, never for a visitor. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** KV or a Durable Object failed, was late, or gave back what nobody wrote. It may answer later. */
export class StorageOutage extends Error {
  override readonly name = "StorageOutage";
}
