import type { People } from "./people.ts";
import { type StoredReadme, readmeShelf } from "./readme-shelf.ts";
import { SEED_REPOSITORIES } from "./seed.ts";
import type { Upstream } from "./upstream.ts";

/** Who looks: one of the package's accounts, and whether the token shows private repositories. */
export interface Viewer {
  home: string;
  readsPrivate: boolean;
}

export interface Repository {
  id: number;
  /** As the package knows it. */
  home: string;
  fullName: string;
  name: string;
  private: boolean;
  defaultBranch: string;
}

type Located = { kind: "here" | "moved"; repository: Repository };

export interface Repositories {
  byName(viewer: Viewer, owner: string, name: string): Promise<Located | undefined>;
  byId(viewer: Viewer, id: string): Promise<Repository | undefined>;
  /** Remembers the spelling of a name, and where a former name leads. */
  learn(repository: Repository, formerFullName?: string): void;
  readme(repository: Repository): StoredReadme | "none" | "unknown";
  putReadme(repository: Repository, readme: StoredReadme | "none"): void;
  reset(): void;
}

interface RepositoriesOptions {
  people: People;
  upstream: Upstream;
}

export function repositories({ people, upstream }: RepositoriesOptions): Repositories {
  const readmes = readmeShelf();
  /** The package distinguishes capitals, GitHub does not. */
  const spelling = new Map<string, string>();
  const formerNames = new Map<string, number>();

  async function ask(viewer: Viewer, path: string): Promise<Repository | undefined> {
    const answer = await upstream.ask({ home: viewer.home, path });
    if (answer.status !== 200) return undefined;
    const found = JSON.parse(answer.body.toString("utf8")) as PackageRepository;
    if (found.private && !viewer.readsPrivate) return undefined;
    const owner = people.byHome(found.owner.login)?.login ?? found.owner.login;
    return {
      id: found.id,
      home: found.full_name,
      fullName: `${owner}/${found.name}`,
      name: found.name,
      private: found.private,
      defaultBranch: found.default_branch,
    };
  }

  const byId = (viewer: Viewer, id: string) =>
    /^\d+$/.test(id) ? ask(viewer, `/repositories/${id}`) : Promise.resolve(undefined);

  function reset() {
    spelling.clear();
    formerNames.clear();
    readmes.clear();
    for (const { owner, name, readme } of SEED_REPOSITORIES) {
      const home = `${owner}/${name}`;
      spelling.set(home.toLowerCase(), home);
      readmes.put(home, { path: "README.md", bytes: Buffer.from(readme) });
    }
  }
  reset();

  return {
    async byName(viewer, owner, name) {
      const former = people.byFormerLogin(owner);
      const home = (people.byLogin(owner) ?? former)?.home ?? encodeURIComponent(owner);
      const asked = `${home}/${name}`;
      const [, spelled = name] = spelling.get(asked.toLowerCase())?.split("/") ?? [];
      const found = await ask(viewer, `/repos/${home}/${encodeURIComponent(spelled)}`);
      if (found) return { kind: former ? "moved" : "here", repository: found };
      const movedId = formerNames.get(asked.toLowerCase());
      const moved = movedId === undefined ? undefined : await byId(viewer, String(movedId));
      return moved && { kind: "moved", repository: moved };
    },
    byId,
    learn(repository, formerFullName) {
      spelling.set(repository.home.toLowerCase(), repository.home);
      if (formerFullName === undefined) return;
      spelling.delete(formerFullName.toLowerCase());
      formerNames.set(formerFullName.toLowerCase(), repository.id);
      readmes.move(formerFullName, repository.home);
    },
    readme: (repository) => readmes.get(repository.home),
    putReadme: (repository, readme) => readmes.put(repository.home, readme),
    reset,
  };
}

interface PackageRepository {
  id: number;
  name: string;
  full_name: string;
  private: boolean;
  default_branch: string;
  owner: { login: string };
}
