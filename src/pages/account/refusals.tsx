import { ErrorPage } from "../error-page.tsx";
import { renderPage } from "../render-page.ts";

export const ACCOUNT_LINK = { href: "/account", text: "Go to your account page" };

function refused(status: number, happened: string, todo: string): Response {
  return renderPage(
    <ErrorPage title="Nothing was changed" {...{ happened, todo }} next={ACCOUNT_LINK} />,
    { status },
  );
}

/** The form is not one that this browser was given while it is signed in. */
export function notYourForm(): Response {
  return refused(
    403,
    "This form did not come from your account page, or you are no longer signed in there.",
    "Open your account page, sign in if it asks you to, and try again.",
  );
}

export function unreadableForm(status: number, happened: string): Response {
  return refused(status, happened, "Open your account page and try again.");
}

export function notConnected(): Response {
  return refused(
    404,
    "No such app is connected to your account. It may be disconnected already.",
    "Your account page lists what is connected now.",
  );
}
