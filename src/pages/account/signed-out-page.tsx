import { Layout } from "../layout.tsx";

export function SignedOutPage({ githubHost }: { githubHost: string }) {
  return (
    <Layout title="Your account">
      <form method="post" action="/account/sign-in" class="card">
        <h1>See what is connected in your name</h1>
        <p>
          Every app that you let in here is listed on your account page, with what it was used for.
          You can disconnect one of them there, or all.
        </p>
        <p class="quiet">
          {githubHost} only says who you are: the token that it gives for that is deleted at once.
          You stay signed in to this page for one hour, by a cookie.
        </p>
        <div class="decision">
          <button class="primary">Sign in with GitHub</button>
        </div>
      </form>
    </Layout>
  );
}
