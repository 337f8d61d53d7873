import { l10n } from '../l10n.ts';
import type { DeliveryEntry, DeliveryState, PromptCause, PromptEnding } from './delivery.ts';

/** A prompt as the account of what was sent lists it, with what still waits to be sent. */
export interface ListedDelivery extends DeliveryEntry {
  /** What it waits in: the relays of its session, there also for a person, or the queue of this window. */
  readonly pending?: 'relay' | 'heldRelay' | 'queue' | undefined;
  /** When its state came to be known, in milliseconds since 1970; absent: it is as it is at this moment. */
  readonly changed?: number | undefined;
}

/** The state in a few words, for a row. */
export function stateWords({ state, cause }: Pick<DeliveryEntry, 'state' | 'cause'>): string {
  switch (state.kind) {
    case 'waiting':
      return l10n.t('waits');
    case 'sending':
      return l10n.t('on its way');
    case 'accepted':
      return l10n.t('accepted');
    case 'unknown':
      return l10n.t('not known whether it arrived');
    case 'absent':
      return l10n.t('not sent');
    case 'stored':
      return cause === 'tell' ? l10n.t('told') : l10n.t('there, no answer yet');
    case 'started':
      return l10n.t('being answered');
    case 'ended':
      return endWords(state.how);
  }
}

function endWords(how: PromptEnding['kind']): string {
  switch (how) {
    case 'answered':
      return l10n.t('answered');
    case 'superseded':
      return l10n.t('not answered on its own');
    case 'incomplete':
      return l10n.t('answered in part');
    case 'failed':
      return l10n.t('failed');
    case 'aborted':
      return l10n.t('stopped');
    case 'rejected':
      return l10n.t('ended: a request was rejected');
    case 'unanswered':
      return l10n.t('there, not answered');
    case 'interrupted':
      return l10n.t('cut off');
    case 'unseen':
      return l10n.t('there, end not known');
    case 'deleted':
      return l10n.t('session deleted');
  }
}

/** All that is known of the state, as a sentence; undefined: the few words say it. */
export function stateSentence(state: DeliveryState): string | undefined {
  switch (state.kind) {
    case 'waiting':
    case 'absent':
      return state.reason;
    case 'accepted':
      return l10n.t('OpenCode said yes to it, and was not seen to hold it yet.');
    case 'unknown':
      return (
        state.refusal ??
        (state.isAccepted === true
          ? l10n.t(
              'OpenCode said yes to it, and was not seen to hold it. It is looked for by its id, and not sent again.',
            )
          : l10n.t('Nobody saw whether it arrived. It is looked for by its id, and not sent again.'))
      );
    case 'ended':
      return state.how === 'unseen'
        ? l10n.t(
            'It is in the session. Too much was said since to see how its turn ended; the transcript shows it.',
          )
        : undefined;
    case 'sending':
    case 'stored':
    case 'started':
      return undefined;
  }
}

/** Why it was sent, and who wanted it. `title` names a session. */
export function causeWords(
  { cause, by, sessionId }: Pick<DeliveryEntry, 'cause' | 'by' | 'sessionId'>,
  title: (sessionId: string) => string,
): string {
  const act = actWords(cause);
  if (by === undefined) return cause === 'typed' ? act : l10n.t('{0}, by you', act);
  switch (by.kind) {
    case 'automation':
      return l10n.t('automation “{0}”', by.name);
    case 'extension':
      return l10n.t('{0}, by the extension', act);
    case 'agent': {
      const agent = by.agent === '' ? l10n.t('an agent') : by.agent;
      return by.session === sessionId
        ? l10n.t('{0}, by {1}', act, agent)
        : l10n.t('{0}, by {1} of “{2}”', act, agent, title(by.session));
    }
  }
}

function actWords(cause: PromptCause): string {
  switch (cause) {
    case 'typed':
      return l10n.t('sent by you');
    case 'queue':
      return l10n.t('queue');
    case 'relay':
      return l10n.t('relay');
    case 'handOff':
      return l10n.t('hand off');
    case 'fork':
      return l10n.t('fork');
    case 'brief':
      return l10n.t('brief');
    case 'compaction':
      return l10n.t('after a compaction');
    case 'extraction':
      return l10n.t('summary for a hand off');
    case 'tell':
      return l10n.t('told without a turn');
    case 'automation':
      return l10n.t('automation');
  }
}

/** The name of an icon (codicon), and its colour where it has one. */
export function stateIcon({ state, pending }: Pick<ListedDelivery, 'state' | 'pending'>): {
  readonly id: string;
  readonly color?: string;
} {
  switch (state.kind) {
    case 'waiting':
      return pending === 'heldRelay'
        ? { id: 'debug-pause', color: 'list.warningForeground' }
        : { id: 'clock' };
    case 'sending':
    case 'accepted':
      return { id: 'arrow-up' };
    case 'unknown':
      return { id: 'unverified', color: 'list.warningForeground' };
    case 'absent':
      return { id: 'circle-slash' };
    case 'stored':
      return { id: 'inbox' };
    case 'started':
      return { id: 'play-circle' };
    case 'ended':
      return endIcon(state.how);
  }
}

function endIcon(how: PromptEnding['kind']): { readonly id: string; readonly color?: string } {
  if (how === 'answered') return { id: 'pass' };
  if (how === 'failed') return { id: 'error', color: 'list.errorForeground' };
  return { id: how === 'aborted' || how === 'deleted' ? 'circle-slash' : 'warning' };
}

/** All that is known of a prompt, a line each. `title` names a session. */
export function describeDelivery(
  delivery: ListedDelivery,
  title: (sessionId: string) => string,
): readonly string[] {
  const { text, hasFiles, state, agent, sessionId, directory, time, changed, messageId, source } = delivery;
  const words = [text, hasFiles === true ? l10n.t('(with files)') : ''].filter((part) => part !== '');
  return [
    words.join(' '),
    '',
    [stateWords(delivery), stateSentence(state)].filter((part) => part !== undefined).join(': '),
    l10n.t('Why: {0}', causeWords(delivery, title)),
    l10n.t('To: {0} in “{1}” ({2})', agent, title(sessionId), sessionId),
    ...(source === undefined || source.session === sessionId
      ? []
      : [l10n.t('From: “{0}” ({1})', title(source.session), source.session)]),
    l10n.t('Folder: {0}', directory),
    state.kind === 'waiting' ? l10n.t('Asked for: {0}', moment(time)) : l10n.t('Sent: {0}', moment(time)),
    ...(changed === undefined ? [] : [l10n.t('Last seen: {0}', moment(changed))]),
    l10n.t('Message: {0}', messageId),
  ];
}

function moment(time: number): string {
  return new Date(time).toLocaleString();
}
