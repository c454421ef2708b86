import { Layout } from "./layout.tsx";
import { Reference } from "./reference.tsx";
import { renderPage } from "./render-page.ts";

/** Time to read the page, for people; then the app hears of it, whatever they do. */
const RETURN_SECONDS = 20;

export interface NotAdmittedProps {
  readonly githubHost: string;
  readonly login: string;
  /** Whom to ask, in the operator's words. */
  readonly contact: string | undefined;
  /** Whether members of an organisation are admitted. */
  readonly admitsMembers: boolean;
  /** The client's own address, as the OAuth library validated it, with the error in its query. */
  readonly returnTo: string;
}

/** The operator's words as text; what is an address is a link to it. */
function Contact({ contact }: { contact: string }) {
  const isMail = /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/.test(contact);
  const isPage = URL.canParse(contact) && new URL(contact).protocol === "https:";
  if (!isMail && !isPage) return <bdi>{contact}</bdi>;
  return <a href={isMail ? `mailto:${contact}` : contact}>{contact}</a>;
}

function NotAdmittedPage(props: NotAdmittedProps) {
  const { githubHost, login, contact, admitsMembers, returnTo } = props;
  return (
    <Layout title="You may not use this server">
      <article class="card">
        <h1>You may not use this server</h1>
        <p>
          You signed in at {githubHost} as <strong>{login}</strong>. This server is only for people
          whom its operator has named. Nothing was kept of this sign-in.
        </p>
        <h2>What to do</h2>
        <p>
          Ask {contact === undefined ? "its operator" : <Contact contact={contact} />} to let you
          in.
        </p>
        {admitsMembers && (
          <p>
            If you belong to an organisation whose members may use it, that organisation may have to
            approve this app first, or you must sign in to its single sign-on.
          </p>
        )}
        <p>
          If this is the wrong account, switch to another one at {githubHost} and connect again.
        </p>
        <Reference />
        <p>
          <a href={returnTo}>Return to the app</a>{" "}
          <span class="quiet">This page goes there by itself after {RETURN_SECONDS} seconds.</span>
        </p>
      </article>
    </Layout>
  );
}

/**
 * The page for a person whom this server does not admit. A client learns of that by its redirect
 * (RFC 6749, section 4.1.2.1), which the page delays so that the person can read it.
 */
export function notAdmitted(props: NotAdmittedProps, headers: Headers): Response {
  headers.set("Refresh", `${RETURN_SECONDS}; url=${props.returnTo}`);
  return renderPage(<NotAdmittedPage {...props} />, { status: 403, headers });
}
