import { Offers } from '../../../src/core/state/offers.ts';
import type { Dialogs } from '../../../src/core/ports/dialogs.ts';
import type { Abilities } from '../../../src/core/ports/abilities.ts';
import type { OpenCode } from '../../../src/core/ports/openCode.ts';
import { Agent, ProviderList } from '../../../src/protocol/records.ts';

/** A call to the server, as a list of its name and arguments. */
export type Call = readonly [name: string, ...args: unknown[]];

export const allAbilities: Abilities = {
  todos: true,
  archive: true,
  serverQueue: true,
  generate: true,
  forkOrigin: true,
};

/**
 * A server that records what it is asked and answers with what the test gives; a call that the test did not
 * provide for fails.
 */
export function aServer(
  answers: { readonly [Name in keyof OpenCode]?: (...args: never[]) => unknown } = {},
  abilities: Abilities = allAbilities,
) {
  const calls: Call[] = [];
  const all: Record<string, (...args: never[]) => unknown> = {
    listAgents: () => [
      Agent.parse({ name: 'build', mode: 'primary' }),
      Agent.parse({ name: 'plan', mode: 'primary' }),
    ],
    listProviders: () => someProviders,
    listCommands: () => [],
    ...answers,
  };
  const openCode = new Proxy({} as OpenCode, {
    get: (_, name: string) =>
      name === 'abilities'
        ? abilities
        : async (...args: never[]) => {
            calls.push([name, ...args]);
            const answer = all[name];
            if (answer === undefined) throw new Error(`The test provides no answer to ${name}.`);
            return answer(...args);
          },
  });
  return {
    openCode,
    offers: new Offers(openCode),
    calls,
    changes: () => calls.filter(([name]) => !/^(get|list)/.test(name)),
  };
}

/** What a command asks of the server. */
export function portsOf({ openCode, offers }: ReturnType<typeof aServer>) {
  return { openCode, offers };
}

export const someProviders = ProviderList.parse({
  providers: [
    {
      id: 'local',
      name: 'Local',
      models: {
        echo: { id: 'echo', providerID: 'local', name: 'Echo', limit: { context: 1000, output: 100 } },
      },
    },
  ],
  default: { local: 'echo' },
});

/** Dialogs in which a person gives these answers; a question that the test did not provide for fails. */
export function aPerson(answers: { readonly [Name in keyof Dialogs]?: (...args: never[]) => unknown } = {}) {
  const asked: unknown[][] = [];
  const dialogs = new Proxy({} as Dialogs, {
    get:
      (_, name: keyof Dialogs) =>
      (...args: never[]) => {
        asked.push([name, ...args]);
        const answer = answers[name];
        if (answer === undefined) throw new Error(`Nobody expected to be asked by ${name}.`);
        return name === 'inform' ? answer(...args) : Promise.resolve(answer(...args));
      },
  });
  return { dialogs, asked };
}
