import { Layout } from "./layout.tsx";

interface ErrorPageProps {
  title: string;
  happened: string;
  todo: string;
  reference?: string;
}

export function ErrorPage({ title, happened, todo, reference }: ErrorPageProps) {
  return (
    <Layout title={title}>
      <article class="card">
        <h1>{title}</h1>
        <p>{happened}</p>
        <h2>What to do</h2>
        <p>{todo}</p>
        {reference && (
          <p class="quiet">
            If you ask for help, give this reference: <code class="whole">{reference}</code>
          </p>
        )}
        <p>
          <a href="/">Go to the start page</a>
        </p>
      </article>
    </Layout>
  );
}
