import { SEED_PEOPLE, type SeedPerson } from "./seed.ts";

/** Somebody with an account. `home` is the login that the package behind us knows, and never changes. */
export interface Person {
  id: number;
  login: string;
  home: string;
  name: string;
}

export interface People {
  all(): Person[];
  byId(id: number): Person | undefined;
  byLogin(login: string): Person | undefined;
  byHome(home: string): Person | undefined;
  /** Who used to have this login, when nobody has it now. */
  byFormerLogin(login: string): Person | undefined;
  /** Those whose login is not their first. */
  renamed(): readonly Person[];
  rename(person: Person, login: string): void;
  reset(): void;
}

export function people(seed: readonly SeedPerson[] = SEED_PEOPLE): People {
  let persons: Person[] = [];
  let renamed: Person[] = [];
  let former = new Map<string, Person>();

  const byLogin = (login: string) =>
    persons.find((person) => person.login.toLowerCase() === login.toLowerCase());

  const register: People = {
    all: () => persons,
    byId: (id) => persons.find((person) => person.id === id),
    byLogin,
    byHome: (home) => persons.find((person) => person.home === home),
    byFormerLogin: (login) => (byLogin(login) ? undefined : former.get(login.toLowerCase())),
    renamed: () => renamed,
    rename(person, login) {
      former.set(person.login.toLowerCase(), person);
      person.login = login;
      renamed = persons.filter((other) => other.login !== other.home);
    },
    reset() {
      persons = seed.map(({ id, login, name }) => ({ id, login, home: login, name }));
      former = new Map();
      renamed = [];
    },
  };
  register.reset();
  return register;
}
