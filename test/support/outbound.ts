/**
 * The test harness carries the Worker's own requests over this process's fetch, which would follow
 * redirects behind the Worker's back. Whether to follow is workerd's to decide, as it is in
 * production, so here nothing is followed. Importing this file is enough.
 */
const follow = globalThis.fetch;

globalThis.fetch = (input, init) => {
  if (!isCarried(init)) return follow(input, init);
  const { method, headers, body } = init;
  return follow(input, {
    method,
    headers,
    redirect: "manual",
    ...(body && { body, duplex: "half" }),
  } as RequestInit);
};

/** The harness alone passes a whole request as the second argument. */
function isCarried(init: RequestInit | undefined): init is Request {
  return init !== undefined && "clone" in init && "bodyUsed" in init;
}
