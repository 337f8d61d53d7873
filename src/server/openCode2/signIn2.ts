import { Problem } from '../../core/errors.ts';
import { l10n } from '../../core/l10n.ts';
import type { KnownProvider, SignIn, SignInPage } from '../../core/ports/signIn.ts';
import type { StoredPage, StoredSessions } from '../../core/ports/storedSessions.ts';

/**
 * What is not asked of 2.x: how it is signed in to providers, and sessions in the form of its own exports. Nobody has seen
 * these routes at work yet.
 */
export class SignIn2 implements SignIn, StoredSessions {
  async listKnownProviders(): Promise<KnownProvider[]> {
    throw elsewhere();
  }

  async setProviderKey(): Promise<void> {
    throw elsewhere();
  }

  async beginSignIn(): Promise<SignInPage> {
    throw elsewhere();
  }

  async completeSignIn(): Promise<void> {
    throw elsewhere();
  }

  async reloadProviders(): Promise<void> {
    throw elsewhere();
  }

  async getStored(): Promise<Readonly<Record<string, unknown>>> {
    throw notExported();
  }

  async listStored(): Promise<StoredPage> {
    throw notExported();
  }
}

function elsewhere(): Problem {
  return new Problem(
    l10n.t('OpenCode 2 is signed in to providers in its own terminal: run “opencode auth login” there.'),
  );
}

function notExported(): Problem {
  return new Problem(
    l10n.t('Sessions of OpenCode 2 cannot be written down yet so that OpenCode takes them in again.'),
  );
}
