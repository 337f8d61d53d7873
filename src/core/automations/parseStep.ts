import type { ModelReference } from '../../protocol/records.ts';
import { l10n } from '../l10n.ts';
import type { AutomationStep, StepKind } from './automation.ts';
import { type Reader, unknown } from './reader.ts';

/** Of our own commands, those that neither answer, nor send, nor switch an automation. */
const harmlessCommands = new Set(['opencodeSessions.session.open', 'opencodeSessions.session.changes']);
/** What runs other commands by their names would go around that. */
const nestingCommands = new Set(['runCommands']);
/** What runs tasks and programs as files of the folder say by then: what they are would be approved by nobody. */
const runningCommands = new Set([
  ...['runTask', 'build', 'test', 'reRunTask', 'rerunAllRunningTasks', 'restartTask'].map(
    (verb) => `workbench.action.tasks.${verb}`,
  ),
  ...['start', 'run', 'restart', 'selectandstart'].map((verb) => `workbench.action.debug.${verb}`),
]);

/** Reads a step: an object with one key, which says what is done. */
export function parseStep(step: Reader, kinds: readonly StepKind[]): AutomationStep | undefined {
  const [key, ...others] = step.keys();
  if (key === undefined || others.length > 0) {
    step.fault(l10n.t('A step is an object with one key, e.g. { "task": "deploy" }.'));
    return undefined;
  }
  const kind = kinds.find((known) => known === key);
  if (kind === undefined) {
    step.at(key).fault(unknown(l10n.t('step'), key, kinds));
    return undefined;
  }
  return readStep(kind, step.at(kind));
}

function readStep(kind: StepKind, given: Reader): AutomationStep | undefined {
  switch (kind) {
    case 'task': {
      const name = given.text();
      return name === undefined ? undefined : { kind, name };
    }
    case 'command':
      return readCommand(given);
    case 'terminal':
      return readTerminal(given);
    case 'tell':
    case 'notify': {
      const text = given.text();
      return text === undefined ? undefined : { kind, text };
    }
    case 'relay':
    case 'handOff':
    case 'fork':
      return readPrompt(kind, given);
  }
}

function readCommand(given: Reader): AutomationStep | undefined {
  if (!given.isObject()) {
    const id = given.text();
    return id === undefined || !mayRun(given, id) ? undefined : { kind: 'command', id, arguments: [] };
  }
  given.allow(['id', 'arguments']);
  const id = given.at('id').text();
  const list = given.at('arguments');
  if (list.value !== undefined && !Array.isArray(list.value)) {
    list.fault(l10n.t('Arguments are a list.'));
    return undefined;
  }
  const values = Array.isArray(list.value) ? (list.value as unknown[]) : [];
  return id === undefined || !mayRun(given.at('id'), id)
    ? undefined
    : { kind: 'command', id, arguments: values };
}

/** A message is no consent, and what an automation sends is never the person's own. */
function mayRun(at: Reader, id: string): boolean {
  if (nestingCommands.has(id)) {
    at.fault(l10n.t('“{0}” runs other commands unseen. Write a step for each of them.', id));
    return false;
  }
  if (runningCommands.has(id)) {
    at.fault(
      l10n.t(
        '“{0}” runs what files of the folder say, unseen. Use the step task, which names what it runs.',
        id,
      ),
    );
    return false;
  }
  if (!id.startsWith('opencodeSessions.') || harmlessCommands.has(id)) return true;
  at.fault(
    l10n.t(
      'An automation runs no command of OpenCode Sessions that could answer or send for you. Use the steps relay, handOff, fork or tell.',
    ),
  );
  return false;
}

function readTerminal(given: Reader): AutomationStep | undefined {
  const text = given.text();
  if (text === undefined) return undefined;
  if (/[\p{Cc}\p{Cf}]/u.test(text)) {
    given.fault(l10n.t('A terminal step is one line, without characters that cannot be seen.'));
    return undefined;
  }
  return { kind: 'terminal', text };
}

function readPrompt(kind: 'relay' | 'handOff' | 'fork', given: Reader): AutomationStep | undefined {
  if (!given.isObject()) {
    given.fault(l10n.t('This is to be an object with “text” and “agent”.'));
    return undefined;
  }
  given.allow(kind === 'relay' ? ['text', 'agent', 'model'] : ['text', 'agent', 'model', 'title']);
  const text = given.at('text').text();
  const optional = (key: string): string | undefined => (given.has(key) ? given.at(key).text() : undefined);
  const agent = kind === 'relay' ? given.at('agent').text() : optional('agent');
  const title = kind === 'relay' ? undefined : optional('title');
  const model = readModel(given);
  if (text === undefined || (kind === 'relay' && agent === undefined)) return undefined;
  const prompt = { text, ...(agent !== undefined && { agent }), ...(model && { model }) };
  return kind === 'relay' ? { kind, ...prompt } : { kind, ...prompt, ...(title !== undefined && { title }) };
}

function readModel(given: Reader): ModelReference | undefined {
  if (!given.has('model')) return undefined;
  const text = given.at('model').text();
  if (text === undefined) return undefined;
  const [providerID = '', ...rest] = text.split('/');
  const modelID = rest.join('/');
  if (providerID !== '' && modelID !== '') return { providerID, modelID };
  given.at('model').fault(l10n.t('Write the model as provider/model.'));
  return undefined;
}
