import type { OpencodeClient } from '@opencode-ai/sdk/v2/client';
import * as z from 'zod';
import { type Cancellation, orCancelled } from '../../core/cancellation.ts';
import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { KnownProvider, SignIn, SignInAnswers, SignInPage, SignInWay } from '../../core/ports/signIn.ts';
import { withoutUndefined } from '../../core/withoutUndefined.ts';
import { Authorization, KnownProviders, SignInMethods } from '../../protocol/providers.ts';
import { ask, askForLong } from './answer.ts';

const done = z.unknown().transform(() => undefined);

/** What the server's own terminal offers where no plugin says how a provider is signed in to (1.18.33). */
const plainKey: SignInWay = { kind: 'key', label: '', prompts: [] };

/** How 1.18 and 1.19 come to the models of a provider. */
export class SignIn118 implements SignIn {
  readonly #client: OpencodeClient;

  constructor(client: OpencodeClient) {
    this.#client = client;
  }

  async listKnownProviders(directory: string): Promise<KnownProvider[]> {
    const { all, connected } = await ask(KnownProviders, (signal) =>
      this.#client.provider.list({ directory }, { signal }),
    );
    const methods = await this.#listMethods(directory);
    return all.map(({ id, name, env, models }) => ({
      id,
      name,
      env,
      isConnected: connected.includes(id),
      modelCount: Object.keys(models).length,
      ways: toWays(methods[id] ?? []),
    }));
  }

  /** Without them a key can be given all the same. */
  async #listMethods(directory: string): Promise<z.infer<typeof SignInMethods>> {
    try {
      return await ask(SignInMethods, (signal) => this.#client.provider.auth({ directory }, { signal }));
    } catch (error) {
      if (error instanceof Problem) return {};
      throw error;
    }
  }

  /** Into `auth.json` of the server's data, for all folders; the answers stand beside the key (1.18.33). */
  async setProviderKey(providerId: string, key: string, answers: SignInAnswers): Promise<void> {
    const metadata = Object.keys(answers).length === 0 ? undefined : { ...answers };
    const auth = { type: 'api' as const, key, ...withoutUndefined({ metadata }) };
    try {
      await ask(done, (signal) => this.#client.auth.set({ providerID: providerId, auth }, { signal }));
    } catch (error) {
      throw withoutKey(error, key);
    }
  }

  async beginSignIn(
    directory: string,
    providerID: string,
    method: number,
    answers: SignInAnswers,
  ): Promise<SignInPage> {
    const asked = { directory, providerID, method, inputs: { ...answers } };
    const page = await ask(Authorization, (signal) =>
      this.#client.provider.oauth.authorize(asked, { signal }),
    );
    if (page === undefined || page === null) {
      throw new Problem(l10n.t('OpenCode has no page to sign in on for this way. Choose another one.'));
    }
    return {
      url: page.url,
      kind: page.method === 'code' ? 'code' : 'wait',
      instructions: page.instructions,
    };
  }

  /** Nothing ends the server's waiting: it goes on after the request for it has ended (1.18.33). */
  async completeSignIn(
    directory: string,
    providerID: string,
    method: number,
    code?: string,
    cancellation?: Cancellation,
  ): Promise<void> {
    const asked = { directory, providerID, method, ...withoutUndefined({ code }) };
    try {
      await orCancelled(
        askForLong(done, () => this.#client.provider.oauth.callback(asked)),
        cancellation,
      );
    } catch (error) {
      throw code === undefined ? error : withoutKey(error, code);
    }
  }

  /**
   * What is in `auth.json` is read when the instance of a folder begins, and no event tells of a change: in a folder that was
   * asked for something before, a new provider is there only after its instance was disposed, as the server's own terminal
   * does it. That aborts what runs in this folder, and in no other; `/global/dispose` does it in all (1.18.33).
   */
  async reloadProviders(directory: string): Promise<void> {
    await ask(done, (signal) => this.#client.instance.dispose({ directory }, { signal }));
  }
}

/** Ways of a kind that is not known are left out; the others keep the number by which the server knows them. */
function toWays(methods: z.infer<typeof SignInMethods>[string]): readonly SignInWay[] {
  const ways = methods.flatMap(({ type, label, prompts = [] }, method): SignInWay[] => {
    if (type === 'api') return [{ method, kind: 'key', label, prompts }];
    return type === 'oauth' ? [{ method, kind: 'browser', label, prompts }] : [];
  });
  return ways.length === 0 ? [plainKey] : ways;
}

/** The same without the key, which a server may quote in a refusal; what has it in its cause loses the cause. */
function withoutKey(error: unknown, key: string): unknown {
  if (!(error instanceof Problem) || !quotes(error, key)) return error;
  const { message, remedy, mayHaveArrived } = error;
  return new Problem(message.replaceAll(key, '…'), {
    mayHaveArrived,
    ...withoutUndefined({ remedy }),
  });
}

function quotes({ message, cause }: Problem, key: string): boolean {
  // What is shorter is a word by chance, and no key.
  if (key.length < 8) return false;
  const told = cause instanceof Error ? `${cause.message} ${String(cause.cause)}` : JSON.stringify(cause);
  return message.includes(key) || (told ?? '').includes(key);
}
