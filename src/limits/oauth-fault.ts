/** Why an OAuth request is refused: the code and the status that its RFC names, and words of ours. */
export interface OAuthFault {
  readonly status: number;
  readonly error: string;
  readonly description: string;
  /** When the same request may succeed. */
  readonly retryAfterSeconds?: number;
}
