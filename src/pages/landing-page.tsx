import { type ClientSetup, clientSetups } from "./client-setup.ts";
import { Layout } from "./layout.tsx";

interface ListedTool {
  name: string;
  title: string;
  description: string;
}

export interface LandingPageProps {
  origin: string;
  /** Where people sign in, such as https://github.com. */
  githubUrl: string;
  tools: readonly ListedTool[];
}

export function LandingPage({ origin, githubUrl, tools }: LandingPageProps) {
  return (
    <Layout title="GitHub MCP Worker">
      <h1>Your GitHub, in the assistant you already use</h1>
      <p class="lead">
        This server gives any MCP client tools for GitHub, and never more access than the person who
        signs in has. You paste one address and sign in with GitHub in the browser; no GitHub token
        is kept on your computer.
      </p>
      <section class="endpoint" aria-labelledby="address">
        <h2 id="address">The address</h2>
        <code class="whole">{origin}/mcp</code>
        <p class="quiet">One click, or a long press on a phone, selects all of it.</p>
      </section>
      <section aria-labelledby="connect">
        <h2 id="connect">Connect your client</h2>
        {clientSetups(origin).map((setup) => (
          <Setup setup={setup} />
        ))}
      </section>
      {tools.length > 0 && <Tools tools={tools} />}
      <TokenAnswers githubUrl={githubUrl} />
    </Layout>
  );
}

function Setup({ setup }: { setup: ClientSetup }) {
  return (
    <details>
      <summary>
        <h3>{setup.name}</h3>
      </summary>
      <ol>
        {setup.steps.map((step) => (
          <li>
            <CodeSpans text={step} />
          </li>
        ))}
      </ol>
      <figure>
        {setup.file && (
          <figcaption>
            <code>{setup.file}</code>
          </figcaption>
        )}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- It scrolls, so the keyboard must reach it. */}
        <pre class="whole" tabindex={0}>
          <code>{setup.code}</code>
        </pre>
      </figure>
    </details>
  );
}

function CodeSpans({ text }: { text: string }) {
  return (
    <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>
  );
}

function Tools({ tools }: { tools: readonly ListedTool[] }) {
  return (
    <section aria-labelledby="tools">
      <h2 id="tools">The tools</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Tool</th>
            <th scope="col">What it does</th>
          </tr>
        </thead>
        <tbody>
          {tools.map((tool) => (
            <tr>
              <th scope="row">
                {tool.title}
                <code>{tool.name}</code>
              </th>
              <td>{tool.description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function TokenAnswers({ githubUrl }: { githubUrl: string }) {
  const githubHost = new URL(githubUrl).host;
  return (
    <>
      <section aria-labelledby="token">
        <h2 id="token">What happens to your GitHub token</h2>
        <p>
          After you sign in, {githubHost} gives this server a token for your account. It is kept
          encrypted on the server and used only for the tools you call. Your client never gets it:
          it holds a token that works on this server and nowhere else. Private repositories stay
          closed unless you open them when you sign in.
        </p>
      </section>
      <section aria-labelledby="disconnect">
        <h2 id="disconnect">How to disconnect</h2>
        <p>
          <a href="/account">Your account page</a> lists every app that you connected, and what was
          done in your name. Disconnect one there, or all of them.
        </p>
        <p>
          To shut out this server itself, revoke it under{" "}
          <a href={`${githubUrl}/settings/applications`}>Settings → Applications on {githubHost}</a>
          . From then on {githubHost} refuses the token, whoever holds it.
        </p>
      </section>
    </>
  );
}
