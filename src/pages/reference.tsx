import { currentRequest } from "../request-context.ts";

/** What leads from a page that a person saw to the lines of the log about it. */
export function Reference() {
  return (
    <p class="quiet">
      If you ask for help, give this reference:{" "}
      <code class="whole">{currentRequest().requestId}</code>
    </p>
  );
}
