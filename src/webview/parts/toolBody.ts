import { l10n } from '../../core/l10n.ts';
import { withoutSequences } from '../../core/entries/terminalText.ts';
import { replacedLines } from '../../core/entries/diffLines.ts';
import { readInput } from '../../core/entries/readInput.ts';
import { showUnseen } from '../../core/plainText.ts';
import type { ToolEntry } from '../../protocol/page/entries.ts';
import { terminalNodes } from './terminalNodes.ts';
import { attachedFile } from './attachedFile.ts';
import { diffBox, diffView } from './diffNodes.ts';
import { element } from '../dom/element.ts';
import { linkedText } from '../markdown/fileLink.ts';
import { shortMarkdown } from '../markdown/markdownNodes.ts';
import { MarkdownText } from '../markdown/markdownText.ts';
import type { PartSurroundings } from './partView.ts';
import { wholeTextButton } from './showAllButton.ts';
import { todoList } from './todoList.ts';

/** What a tool call was given and gave back, in the form that suits the tool. */
export class ToolBody {
  readonly #surroundings: PartSurroundings;
  /** How far the reader has scrolled what a command printed; Infinity: its end is followed. */
  #outputTop = Infinity;

  constructor(surroundings: PartSurroundings) {
    this.#surroundings = surroundings;
  }

  fill(body: HTMLElement, tool: ToolEntry): void {
    const surroundings = this.#surroundings;
    body.replaceChildren(
      ...content(tool, surroundings),
      ...files(tool, surroundings),
      ...failure(tool),
      ...wholeOutput(tool, surroundings),
    );
    if (tool.kind === 'command') this.#followOutput(body.querySelector('.output'));
  }

  /** What a command printed is read from its end, as in a terminal, until the reader scrolls. */
  #followOutput(output: Element | null): void {
    if (output === null) return;
    const scroll = (): void => {
      output.scrollTop = Math.min(this.#outputTop, output.scrollHeight);
    };
    output.addEventListener('scroll', () => {
      const { scrollTop, scrollHeight, clientHeight } = output;
      this.#outputTop = scrollHeight - clientHeight - scrollTop < 4 ? Infinity : scrollTop;
    });
    if (output.isConnected) scroll();
    else requestAnimationFrame(scroll);
  }
}

/** What came back beside the output, as the picture that was read; the card asks for pictures when it is opened. */
function files({ id, files: given = [] }: ToolEntry, surroundings: PartSurroundings): HTMLElement[] {
  const { sessionId, messageId, post } = surroundings;
  return given.map((file, index) => {
    const open = (): void => post({ type: 'openAttachment', sessionId, messageId, partId: id, index });
    return element('div', { class: 'attachment' }, ...attachedFile(file, { open }));
  });
}

function content(tool: ToolEntry, surroundings: PartSurroundings): HTMLElement[] {
  if (tool.diff) return diff(tool.id, tool.diff, surroundings);
  if (tool.todos) return [todoList(tool.todos)];
  if (tool.answers) return [answered(tool.answers)];
  const whole = wholeInput(tool, surroundings);
  if (tool.input) return [...input(tool.input), ...whole, ...output(tool, true)];
  const { subject = '', purpose = '', text = '' } = tool.given;
  switch (tool.kind) {
    case 'command':
      return [
        // What a command is for, as the model says.
        ...(purpose === '' ? [] : [element('div', { class: 'figures purpose', text: purpose })]),
        command(subject),
        ...whole,
        ...output(tool, true),
        ...exitCode(tool),
      ];
    case 'startSubagent':
      return [prose(text, surroundings), ...whole, ...answer(tool, surroundings)];
    case 'editFile':
      return [replaced(tool, surroundings), ...whole, ...output(tool, true)];
    case 'writeFile':
      return [pre('output', [text]), ...whole, ...output(tool, false)];
    case 'readFile':
    case 'searchText':
    case 'findFiles':
    case 'listFolder':
      return output(tool, false);
    default:
      return answer(tool, surroundings);
  }
}

/** What was asked, and below each question the answer. */
function answered(given: NonNullable<ToolEntry['answers']>): HTMLElement {
  return element(
    'dl',
    { class: 'answers' },
    ...given.flatMap(({ question, answers }) => [
      element('dt', {}, shortMarkdown(question)),
      answers.length === 0
        ? element('dd', { class: 'own-words', text: l10n.t('Not answered') })
        : element('dd', { text: answers.join(', ') }),
    ]),
  );
}

/** The lines that the reader asked for stay when the call is told anew. */
function diff(
  id: string,
  { text, files: changed }: NonNullable<ToolEntry['diff']>,
  { expanded, highlighter }: PartSurroundings,
): HTMLElement[] {
  const allLines = `${id} lines`;
  const nodes = diffView(text, {
    path: changed[0]?.path,
    isWhole: expanded.get(allLines, false),
    onShowAll: (view) => {
      expanded.set(allLines, true);
      highlighter.watch(view);
    },
  });
  for (const node of nodes) highlighter.watch(node);
  return nodes;
}

/** What an edit is to replace, where nothing is known of what it did: it runs, or it failed. */
function replaced({ status, given }: ToolEntry, { highlighter }: PartSurroundings): HTMLElement {
  const { path, before = '', after = '' } = given;
  const box = diffBox(replacedLines(before, after), path);
  // What runs may be told anew with every word.
  if (status !== 'running' && status !== 'pending') highlighter.watch(box);
  return box;
}

/** Opens in an editor what a call was given, where not all of it stands here. */
function wholeInput({ id, clampedInput }: ToolEntry, surroundings: PartSurroundings): HTMLElement[] {
  if (clampedInput === undefined) return [];
  const { sessionId, messageId, post } = surroundings;
  const run = (): void => post({ type: 'openInput', sessionId, messageId, partId: id });
  return [wholeTextButton(clampedInput, run, 'show-input')];
}

function pre(name: string, nodes: readonly (Node | string)[], label?: string): HTMLElement {
  return element('pre', { class: name, tabindex: '0', 'aria-label': label }, ...nodes);
}

function command(text: string): HTMLElement {
  return pre('command', [showUnseen(text)], l10n.t('Command'));
}

function exitCode({ exitCode: code }: ToolEntry): HTMLElement[] {
  return code === undefined
    ? []
    : [
        element('div', {
          class: code === 0 ? 'figures' : 'figures failed',
          text: l10n.t('Exit code {0}', code),
        }),
      ];
}

function output(tool: ToolEntry, isTerminal: boolean): HTMLElement[] {
  const text = tool.output?.text.trimEnd() ?? '';
  if (text === '') return [];
  const nodes = isTerminal ? terminalNodes(text) : linkedLines(withoutSequences(text));
  return [pre('output', nodes, l10n.t('Output'))];
}

/** Links are looked for in outputs of modest size only. */
function linkedLines(text: string): (Node | string)[] {
  return text.length > 8000 ? [text] : linkedText(text);
}

function answer(tool: ToolEntry, surroundings: PartSurroundings): HTMLElement[] {
  const text = withoutSequences(tool.output?.text ?? '').trim();
  return text === '' ? [] : [prose(text, surroundings)];
}

function prose(text: string, { highlighter }: PartSurroundings): HTMLElement {
  const markdown = new MarkdownText(highlighter);
  markdown.update(text, true);
  // What scrolls can be reached by the keyboard.
  const box = { class: 'output prose', role: 'group', tabindex: '0', 'aria-label': l10n.t('Output') };
  return element('div', box, markdown.element);
}

function input(given: Readonly<Record<string, unknown>>): HTMLElement[] {
  const text = readInput(given);
  return text === '' ? [] : [pre('output', [text], l10n.t('Input'))];
}

function failure(tool: ToolEntry): HTMLElement[] {
  if (!tool.error) return [];
  return [element('div', { class: 'tool-error' }, ...terminalNodes(tool.error.text))];
}

/** Opens in an editor what a call gave back, where not all of it stands here. */
function wholeOutput(tool: ToolEntry, surroundings: PartSurroundings): HTMLElement[] {
  const { output: printed, error, diff: changed, id } = tool;
  // Where there is a diff, it stands for what came out.
  const shown = changed ? [changed, error] : [printed, error];
  const cut = shown.find((text) => text?.clamped !== undefined);
  if (cut?.clamped === undefined) return [];
  const { sessionId, messageId, post } = surroundings;
  const type = cut === changed ? 'openDiff' : 'openOutput';
  return [wholeTextButton(cut.clamped, () => post({ type, sessionId, messageId, partId: id }))];
}
