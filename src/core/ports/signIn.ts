import type { SignInPrompt } from '../../protocol/providers.ts';
import type { Cancellation } from '../cancellation.ts';

/** One way to sign in to a provider. */
export interface SignInWay {
  /** By which the server knows it; absent: a key is all there is, and nobody asks for more. */
  readonly method?: number;
  /** A key that is typed, or a page in the browser. */
  readonly kind: 'key' | 'browser';
  /** The server's name for it; may be empty. */
  readonly label: string;
  readonly prompts: readonly SignInPrompt[];
}

/** A provider of models that the server knows, whether it can ask it or not. */
export interface KnownProvider {
  readonly id: string;
  readonly name: string;
  readonly isConnected: boolean;
  readonly modelCount: number;
  /** The environment variables that stand for a key. */
  readonly env: readonly string[];
  /** Never empty. */
  readonly ways: readonly SignInWay[];
}

/** What was answered to the prompts of a way, by their keys. */
export type SignInAnswers = Readonly<Record<string, string>>;

/** A page to sign in on. `code`: it gives a code that is to be brought back; `wait`: it tells the server by itself. */
export interface SignInPage {
  readonly url: string;
  readonly kind: 'code' | 'wait';
  readonly instructions: string;
}

/**
 * How a server comes to the models of a provider. What is given to it goes to its own store and nowhere else: no answer, no
 * problem and no log has a key in it.
 */
export interface SignIn {
  /** Those that the configuration of the directory leaves in sight. */
  listKnownProviders(directory: string): Promise<KnownProvider[]>;
  /** The server takes any key: whether it is right shows with the first prompt. */
  setProviderKey(providerId: string, key: string, answers: SignInAnswers): Promise<void>;
  beginSignIn(
    directory: string,
    providerId: string,
    method: number,
    answers: SignInAnswers,
  ): Promise<SignInPage>;
  /**
   * Ends what was begun: with the code that the page gave, else when the page has told the server, minutes later. Who cancels
   * waits no longer; what is done on the page all the same counts.
   */
  completeSignIn(
    directory: string,
    providerId: string,
    method: number,
    code?: string,
    cancellation?: Cancellation,
  ): Promise<void>;
  /** Has the server read anew what it may ask in the directory. It may end what runs there. */
  reloadProviders(directory: string): Promise<void>;
}
