import { type Answer, html, redirect } from "./answer.ts";
import { type Call, formOrJsonFields, textField } from "./input.ts";
import { escaped, pageOf } from "./page.ts";
import { parsedScopes } from "./scopes.ts";
import type { EmulatedApp } from "./seed.ts";
import { appOf } from "./tokens.ts";
import type { World } from "./world.ts";

/**
 * `/login/oauth/authorize`: a page with one form and one button a person.
 *
 * The form has no action, so it posts to the address of the page, query included. A browser presses
 * `button[name=login][value=octocat]` or `button[name=cancel]`; an HTTP client posts the body
 * `login=octocat` or `cancel=1` to the same authorize URL. Both get 302 to the redirect_uri.
 */
export function authorize(world: World, call: Call): Answer {
  const request = authorizationRequest(world, call.query);
  if ("problem" in request) return refusal(request.problem);
  if (call.method === "GET" || call.method === "HEAD") return html(200, picker(world, request));
  if (call.method !== "POST") return refusal("This page knows GET and POST.");

  const fields = formOrJsonFields(call);
  if ("cancel" in fields) return redirect(cancelled(request));
  const person = world.people.byLogin(textField(fields, "login"));
  if (!person) return refusal("Nobody here has that login.");
  const { app, redirectUri, scopes, challenge } = request;
  const code = world.codes.issue({
    clientId: app.clientId,
    redirectUri,
    userId: person.id,
    scopes,
    challenge,
  });
  return redirect(withParameters(request, { code }));
}

interface AuthorizationRequest {
  app: EmulatedApp;
  redirectUri: string;
  scopes: string[];
  state: string | null;
  challenge: string | null;
}

function authorizationRequest(
  world: World,
  query: URLSearchParams,
): AuthorizationRequest | { problem: string } {
  const app = appOf(query.get("client_id") ?? "");
  if (!app) return { problem: "No application has this client_id." };
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!isAssociated(redirectUri, world.redirectOrigins)) {
    return { problem: "The redirect_uri is not associated with this application." };
  }
  const challenge = query.get("code_challenge");
  if (challenge !== null && query.get("code_challenge_method") !== "S256") {
    return { problem: "The code_challenge_method must be S256." };
  }
  if (challenge !== null && !/^[\w-]{43}$/.test(challenge)) {
    return { problem: "The code_challenge must be a SHA-256 digest in base64url." };
  }
  const scopes = parsedScopes(query.get("scope") ?? "");
  return { app, redirectUri, scopes, state: query.get("state"), challenge };
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Any port on this machine, or an origin that was registered through the control API. */
function isAssociated(redirectUri: string, origins: ReadonlySet<string>): boolean {
  if (!URL.canParse(redirectUri)) return false;
  const { protocol, hostname, origin, pathname, username, password, hash } = new URL(redirectUri);
  if (pathname !== "/callback" || username || password || hash) return false;
  return origins.has(origin) || (/^https?:$/.test(protocol) && LOOPBACK.has(hostname));
}

function withParameters(
  { redirectUri, state }: AuthorizationRequest,
  parameters: Record<string, string>,
): string {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  if (state !== null) target.searchParams.set("state", state);
  return target.href;
}

function cancelled(request: AuthorizationRequest): string {
  return withParameters(request, {
    error: "access_denied",
    error_description: "The user has denied your application access.",
    error_uri:
      "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-authorization-request-errors#access-denied",
  });
}

function refusal(problem: string): Answer {
  return html(400, pageOf("This sign-in cannot start", `<p role="alert">${escaped(problem)}</p>`));
}

function picker(world: World, { app, scopes }: AuthorizationRequest): string {
  const asked = scopes.length > 0 ? `It asks for ${scopes.join(", ")}.` : "It asks for no scopes.";
  const wish = app.kind === "oauth" ? asked : "It may act for you where you can act yourself.";
  const buttons = world.people.all().map(({ login, name }) => {
    const label = `${escaped(name)} <small>${escaped(login)}</small>`;
    return `<button name="login" value="${escaped(login)}">${label}</button>`;
  });
  return pageOf(
    "Sign in to GitHub",
    `<p>Choose who signs in to ${escaped(app.name)}. ${escaped(wish)}</p>
<form method="post">
${buttons.join("\n")}
<button name="cancel" value="1">Cancel</button>
</form>`,
  );
}
