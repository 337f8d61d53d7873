import { l10n } from '../../core/l10n.ts';
import { plainWords, showUnseen } from '../../core/plainText.ts';
import type { PartEntry, ToolEntry } from '../../protocol/page/entries.ts';
import { bodies } from './bodies.ts';
import { Disclosure } from './disclosure.ts';
import { element, icon, textButton } from '../dom/element.ts';
import { diffButton } from './diffButton.ts';
import { fileLink } from '../markdown/fileLink.ts';
import type { PartSurroundings, PartView } from './partView.ts';
import { subagentStatus } from './subagentStatus.ts';
import type { ToolBody } from './toolBody.ts';
import { toolDuration, toolSummary, wantedVerb } from '../../core/entries/toolSummary.ts';
import { describeWaited } from '../../core/turns/waitedBetween.ts';

const shortDiff = 12;

/** A tool call: one line worded by its outcome, below it what it was given and gave back. */
export class ToolPart implements PartView {
  readonly element: HTMLElement;
  readonly #disclosure: Disclosure;
  readonly #surroundings: PartSurroundings;
  #tool: ToolEntry;
  #body: ToolBody | undefined;
  /** It waits for what fills its body, or that could not be loaded, which was said once. */
  #isEmpty = false;
  /** Its pictures were asked for, so that nothing is asked twice where they do not come. */
  #areAsked = false;

  constructor(tool: ToolEntry, surroundings: PartSurroundings) {
    this.#tool = tool;
    this.#surroundings = surroundings;
    this.#disclosure = new Disclosure(surroundings, {
      class: 'tool',
      partId: tool.id,
      opensByItself: this.#opensByItself(tool),
      fill: (body) => this.#fill(body),
    });
    this.element = this.#disclosure.element;
    this.element.dataset['tool'] = tool.tool;
    this.element.dataset['kind'] = tool.kind;
    this.#showHead();
  }

  update(part: PartEntry): void {
    if (part.type !== 'tool') return;
    const before = this.#tool;
    this.#tool = part;
    const isSame = before === part || JSON.stringify(before) === JSON.stringify(part);
    if (isSame) return;
    if (before.files?.some(({ image }) => image !== undefined)) this.#areAsked = false;
    const { expanded } = this.#surroundings;
    if (expanded.get(part.id, this.#opensByItself(part)) && !this.#disclosure.isOpen) this.#disclosure.open();
    this.#showHead();
    this.#disclosure.refill();
  }

  /** What stood open only while the turn ran is closed with it, unless the reader has opened it. */
  turnChanged(): void {
    const isOpen = this.#surroundings.expanded.get(this.#tool.id, this.#opensByItself(this.#tool));
    if (!isOpen && this.#disclosure.isOpen) this.#disclosure.close();
    this.#showHead();
  }

  #opensByItself(tool: ToolEntry): boolean {
    const { opensDiffs, messageId } = this.#surroundings;
    return opensByItself(tool, opensDiffs(messageId));
  }

  get #isAsked(): boolean {
    return this.#tool.status !== 'completed' && this.#surroundings.isAsked(this.#tool);
  }

  #showHead(): void {
    const tool = this.#tool;
    const { directory, isOwnCommand } = this.#surroundings;
    const { icon: iconName, file, ...words } = toolSummary(tool, directory, isOwnCommand);
    const isAsked = this.#isAsked;
    const verb = plainWords(isAsked ? wantedVerb(tool) : words.verb);
    const subject = words.subject === undefined ? undefined : showUnseen(words.subject);
    const shownIcon = isAsked ? 'shield' : statusIcon(tool, iconName);
    this.element.dataset['status'] = isAsked ? 'asked' : tool.status;
    this.#disclosure.label.replaceChildren(
      icon(shownIcon, shownIcon === 'loading' ? 'spin' : ''),
      element('span', { class: 'tool-verb', text: verb }),
      file || !subject ? '' : element('span', { class: 'tool-subject', text: subject, title: subject }),
    );
    this.#disclosure.aside.replaceChildren(
      file ? fileLink(file, element('bdi', { text: subject ?? file.path })) : '',
      ...this.#details(words.detail),
      ...this.#actions(),
    );
  }

  #details(detail: string | undefined): HTMLElement[] {
    const tool = this.#tool;
    const details: HTMLElement[] = [];
    if (tool.diff && tool.status !== 'interrupted') {
      details.push(
        element('span', { class: 'additions', text: `+${tool.diff.additions}` }),
        element('span', { class: 'deletions', text: `−${tool.diff.deletions}` }),
      );
    } else if (detail) {
      const name = isFailed(tool) ? 'tool-detail failed' : 'tool-detail';
      details.push(element('span', { class: name, text: plainWords(detail) }));
    }
    if (tool.childSessionId !== undefined && tool.status === 'running') {
      details.push(subagentStatus(tool.childSessionId, this.#surroundings.subagentState));
    }
    const waited = this.#surroundings.waited(tool);
    const duration = toolDuration(tool, waited);
    if (duration) {
      details.push(element('span', { class: 'tool-detail', text: duration, title: describeWaited(waited) }));
    }
    // Last: it takes the room that is left.
    if (tool.status === 'error' && tool.reason) {
      const reason = showUnseen(tool.reason);
      details.push(element('span', { class: 'tool-detail reason', text: reason, title: reason }));
    }
    return details;
  }

  #actions(): HTMLElement[] {
    const { post } = this.#surroundings;
    const { id, kind, status, diff, childSessionId, given } = this.#tool;
    const actions: HTMLElement[] = [];
    // Where a change of files tells no diff, the host knows what the turn changed.
    if (diff || (status === 'completed' && (kind === 'editFile' || kind === 'writeFile'))) {
      actions.push(diffButton(id, this.#surroundings));
    }
    if (childSessionId !== undefined) {
      const run = (): void => post({ type: 'openSession', sessionId: childSessionId });
      const isOther = given.way !== undefined && given.way !== 'subagent';
      const label = isOther ? l10n.t('Open Session') : l10n.t('Open Subagent');
      actions.push(
        textButton({
          label,
          title: label,
          icon: 'link-external',
          class: 'link narrow',
          testId: 'open-subagent',
          run,
        }),
      );
    }
    return actions;
  }

  #fill(body: HTMLElement): void {
    this.#askForPictures();
    if (this.#isEmpty && bodies.piece === undefined) return;
    this.#isEmpty = true;
    bodies.use(({ ToolBody: Made }) => {
      this.#isEmpty = false;
      this.#body ??= new Made(this.#surroundings);
      this.#body.fill(body, this.#tool);
    });
  }

  #askForPictures(): void {
    const { id, files = [] } = this.#tool;
    if (this.#areAsked || !files.some(({ isLoadable }) => isLoadable)) return;
    this.#areAsked = true;
    const { sessionId, messageId, post } = this.#surroundings;
    post({ type: 'loadPart', sessionId, messageId, partId: id });
  }
}

/** A command that came to its end, and says that it did not do what it was to do. */
const isFailed = ({ exitCode = 0 }: ToolEntry): boolean => exitCode !== 0;

function statusIcon(tool: ToolEntry, iconName: string): string {
  // A question waits for the person: nothing works on it.
  if (tool.status === 'running') return tool.kind === 'askPerson' ? iconName : 'loading';
  if (tool.isRefused) return 'circle-slash';
  if (tool.status === 'error') return 'error';
  return tool.status === 'interrupted' ? 'circle-slash' : iconName;
}

/** What is short or needs to be read stands open. */
export function opensByItself(
  { kind, status, given, output, diff }: ToolEntry,
  opensDiffs: boolean,
): boolean {
  if (kind === 'askPerson' || kind === 'proposePlan') return status === 'completed';
  // A person ran a command that nobody described: a model must.
  if (kind === 'command')
    return given.purpose === undefined || (status === 'running' && (output?.text ?? '') !== '');
  return opensDiffs && diff !== undefined && diff.additions + diff.deletions <= shortDiff;
}
