import { Layout } from "./layout.tsx";
import { Reference } from "./reference.tsx";

export interface PageLink {
  readonly href: string;
  readonly text: string;
}

interface ErrorPageProps {
  title: string;
  happened: string;
  todo: string;
  /** Where to go on from here: the start page, if it is not said. */
  next?: PageLink;
}

const START_PAGE: PageLink = { href: "/", text: "Go to the start page" };

export function ErrorPage({ title, happened, todo, next = START_PAGE }: ErrorPageProps) {
  return (
    <Layout title={title}>
      <article class="card">
        <h1>{title}</h1>
        <p>{happened}</p>
        <h2>What to do</h2>
        <p>{todo}</p>
        <Reference />
        <p>
          <a href={next.href}>{next.text}</a>
        </p>
      </article>
    </Layout>
  );
}
