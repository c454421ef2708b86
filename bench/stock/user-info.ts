import { Octokit } from "octokit";

/**
 * GitHub's answer as it came, as the tutorials' tool of this name has it. Throttling is off: its
 * limiter shares promises between requests, and workerd ends all but the first of them with 500.
 */
export async function userInfo(token: string, githubApi: string): Promise<string> {
  const octokit = new Octokit({ auth: token, baseUrl: githubApi, throttle: { enabled: false } });
  return JSON.stringify(await octokit.rest.users.getAuthenticated());
}
