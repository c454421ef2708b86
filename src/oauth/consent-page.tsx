import { Layout } from "../pages/layout.tsx";

interface ConsentScope {
  scope: string;
  title: string;
  detail: string;
  fixed: boolean;
  checked: boolean;
}

export interface ConsentPageProps {
  /** Untrusted. The caller has removed invisible characters and cut it to 80. */
  clientName: string;
  /** Present only for a client metadata document: the domain that it was fetched from. */
  clientDomain?: string;
  redirectHost: string;
  redirectIsLoopback: boolean;
  scopes: readonly ConsentScope[];
  handle: string;
  githubHost: string;
}

export function ConsentPage(props: ConsentPageProps) {
  const fixed = props.scopes.filter((scope) => scope.fixed);
  const optional = props.scopes.filter((scope) => !scope.fixed);
  return (
    <Layout title="Allow access?">
      <form method="post" action="/authorize" class="card">
        <input type="hidden" name="handle" value={props.handle} />
        <h1>Let this app use GitHub as you?</h1>
        <Asker {...props} />
        {fixed.length > 0 && <FixedScopes scopes={fixed} />}
        {optional.length > 0 && <OptionalScopes scopes={optional} />}
        <p>
          Next you sign in at <strong>{props.githubHost}</strong>. You can take this back at any
          time on <a href="/account">your account page</a> here.
        </p>
        {/* Enter in a tick box presses a form's first button, so haste refuses and never grants. */}
        <div class="decision">
          <button name="decision" value="deny">
            Deny
          </button>
          <button class="primary" name="decision" value="allow">
            Allow
          </button>
        </div>
      </form>
    </Layout>
  );
}

function Asker({ clientName, clientDomain, redirectHost, redirectIsLoopback }: ConsentPageProps) {
  return (
    <>
      {/* The name stands on a line of its own: inside a sentence of ours it could change its meaning. */}
      <dl class="facts">
        <dt>Who asks</dt>
        {clientDomain ? (
          <>
            <dd>
              <strong>{clientDomain}</strong> <span class="badge verified">verified</span>
              <p>This app's description was read from this domain.</p>
            </dd>
            <dt>It calls itself</dt>
            <dd>
              <bdi>{clientName}</bdi>
            </dd>
          </>
        ) : (
          <dd>
            <strong>
              <bdi>{clientName}</bdi>
            </strong>{" "}
            <span class="badge unverified">unverified</span>
            <p>This app registered itself; its name is not verified.</p>
          </dd>
        )}
        <dt>Access goes to</dt>
        <dd>
          <strong>{redirectHost}</strong>
        </dd>
      </dl>
      {redirectIsLoopback && (
        <p class="caution">
          This sends access to an app on this computer. Continue only if you just started signing in
          from it.
        </p>
      )}
    </>
  );
}

function FixedScopes({ scopes }: { scopes: readonly ConsentScope[] }) {
  return (
    <section aria-labelledby="fixed">
      <h2 id="fixed">It will be able to</h2>
      <ul class="scopes">
        {scopes.map((scope) => (
          <li>
            <Tick />
            <div>
              <strong>{scope.title}</strong>
              <p>{scope.detail}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OptionalScopes({ scopes }: { scopes: readonly ConsentScope[] }) {
  return (
    <fieldset>
      <legend>Your choice</legend>
      <ul class="scopes">
        {scopes.map(({ scope, title, detail, checked }, index) => (
          <li class="choice">
            <input
              type="checkbox"
              id={`scope-${index}`}
              name="scope"
              value={scope}
              checked={checked}
              aria-describedby={`scope-${index}-detail`}
            />
            <div>
              <label for={`scope-${index}`}>{title}</label>
              <p id={`scope-${index}-detail`}>{detail}</p>
            </div>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function Tick() {
  return (
    <svg class="tick" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d="M3 8.5 6.5 12 13 4.5" />
    </svg>
  );
}
