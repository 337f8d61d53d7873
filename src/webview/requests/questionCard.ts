import { l10n } from '../../core/l10n.ts';
import { cutMiddle, showUnseen } from '../../core/plainText.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { QuestionEntry } from '../../protocol/page/requests.ts';
import { setAnswered } from './answered.ts';
import { element, icon, textButton } from '../dom/element.ts';
import { isWritten, write } from '../dom/writing.ts';
import { lineMarkdown, shortMarkdown } from '../markdown/markdownNodes.ts';
import type { RequestCard } from './requestCard.ts';
import { acceptKey, nameKey, press, type RequestKey } from './requestKeys.ts';

type Question = QuestionEntry['questions'][number];

/** Questions of the agent, as one form of native radio buttons, boxes and text fields. */
export function questionCard(
  request: QuestionEntry,
  sessionId: string,
  post: (message: FromPage) => void,
): RequestCard {
  const { id: requestId } = request;
  const asked = { sessionId: request.sessionId, requestId };
  const fields = request.questions.map((question, index) => questionField(question, `${requestId}-${index}`));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const answers = readAnswers(fields);
    if (answers === undefined) return;
    setAnswered(form, true);
    post({ type: 'replyQuestion', ...asked, answers });
  };
  const dismiss = (): void => {
    setAnswered(form, true);
    post({ type: 'rejectQuestion', ...asked });
  };
  const number = element('span', { class: 'request-number' });
  const [answer, refusal] = buttons({ answer: () => form.requestSubmit(), dismiss });
  const form = element(
    'form',
    {
      class: 'request',
      'data-testid': 'question',
      'data-request-id': requestId,
      'aria-label': nameOf(request),
      on: { keydown: (event: KeyboardEvent) => submitByEnter(event, form), submit },
    },
    title(number),
    request.sessionId !== sessionId && request.sessionTitle !== undefined && origin(request.sessionTitle),
    ...fields.map((field) => field.element),
    element('div', { class: 'request-buttons' }, answer, refusal),
  );
  return { element: form, number, refusal, takes: (key) => takesKey(key, answer, fields) };
}

/** Whether the key sends the answers, or takes an option: of the question with the focus, else of the first without an answer. */
function takesKey(key: RequestKey, answer: HTMLButtonElement, fields: readonly QuestionField[]): boolean {
  if (key.kind === 'accept') return press(answer);
  if (key.kind !== 'choose') return false;
  const focused = fields.find((field) => field.element.contains(document.activeElement));
  const open = fields.find((field) => field.read().length === 0);
  return (focused ?? open ?? fields.at(-1))?.choose(key.index) ?? false;
}

/** Each is called by what it asks, so that two of them can be told apart. */
function nameOf({ questions }: QuestionEntry): string {
  const asked = questions.map(({ question }) => showUnseen(question)).join(' ');
  return l10n.t('The agent asks you: {0}', cutMiddle(asked, 200));
}

function title(number: HTMLElement): HTMLElement {
  const text = l10n.t('The agent asks you');
  return element('div', { class: 'request-title' }, icon('question'), element('span', { text }), number);
}

/** A subagent asks. */
function origin(sessionTitle: string): HTMLElement {
  const text = l10n.t('Asked by the subagent “{0}”', sessionTitle);
  return element('div', { class: 'request-origin', text });
}

function buttons({ answer, dismiss }: { answer: () => void; dismiss: () => void }) {
  const made = [
    textButton({ label: l10n.t('Answer'), class: 'primary', testId: 'question-answer', run: answer }),
    textButton({
      label: l10n.t('Dismiss'),
      class: 'secondary',
      testId: 'question-dismiss',
      title: l10n.t('Ends the run'),
      run: dismiss,
    }),
  ] as const;
  nameKey(made[0], acceptKey);
  return made;
}

/** A form of several text fields is not sent by Enter by itself. */
function submitByEnter(event: KeyboardEvent, form: HTMLFormElement): void {
  if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
  event.preventDefault();
  form.requestSubmit();
}

/** Undefined where one is missing, of which its field complains. */
function readAnswers(fields: readonly QuestionField[]): string[][] | undefined {
  const answers = fields.map((field) => field.read());
  const missing = fields.find((_, index) => answers[index]?.length === 0);
  missing?.complain();
  return missing === undefined ? answers : undefined;
}

interface QuestionField {
  readonly element: HTMLElement;
  read(): string[];
  complain(): void;
  /** Takes an option, or puts it back where several may be taken; false: there is none of that number. */
  choose(index: number): boolean;
}

function questionField(question: Question, name: string): QuestionField {
  const boxes = question.options.map((option, index) =>
    element('input', {
      type: question.multiple ? 'checkbox' : 'radio',
      name,
      value: option.label,
      'data-testid': `question-option-${index}`,
      'aria-keyshortcuts': numberOf(index),
    }),
  );
  const own = ownAnswer();
  if (!question.multiple) chooseOne(boxes, own);
  const complaint = element('div', { class: 'complaint', role: 'alert' });
  return {
    element: element(
      'fieldset',
      { class: 'question' },
      // A plan to agree to is named by its file.
      element('legend', {}, header(question), shortMarkdown(showUnseen(question.question))),
      ...question.options.map((option, index) => labelled(option, boxes[index], numberOf(index))),
      question.custom && own,
      complaint,
    ),
    read: () => [
      ...boxes.filter((box) => box.checked).map((box) => box.value),
      ...(own.value.trim() === '' ? [] : [own.value.trim()]),
    ],
    complain: () => {
      complaint.textContent = l10n.t('Choose an answer first.');
      (boxes[0] ?? own).focus();
    },
    choose: (index) => {
      const box = boxes[index];
      if (box === undefined || box.disabled) return false;
      // Enter then sends what is chosen.
      box.focus();
      box.click();
      return true;
    },
  };
}

/** What it is about, in a word or two. */
function header({ header, question }: Question): HTMLElement | false {
  if (header.trim() === '' || header === question) return false;
  return element('span', { class: 'question-header', text: showUnseen(header) });
}

function ownAnswer(): HTMLInputElement {
  return element('input', {
    type: 'text',
    class: 'own-answer',
    placeholder: l10n.t('Your own answer…'),
    'aria-label': l10n.t('Your own answer'),
    'data-testid': 'question-own',
  });
}

/** What is typed takes the place of what is chosen, and the other way round. */
function chooseOne(boxes: readonly HTMLInputElement[], own: HTMLInputElement): void {
  own.addEventListener('input', () => {
    if (isWritten(own)) return;
    for (const box of boxes) box.checked = false;
  });
  for (const box of boxes) {
    box.addEventListener('change', () => {
      // One's own words that could not be taken out so must not be sent beside the option.
      if (!write(own, '', 0, own.value.length)) own.value = '';
    });
  }
}

function labelled(
  { label, description }: Question['options'][number],
  box: HTMLInputElement | undefined,
  key: string | undefined,
): HTMLElement {
  return element(
    'label',
    { class: 'option', 'data-key': key },
    box,
    element('span', { class: 'option-label', text: showUnseen(label) }),
    description !== '' &&
      element('span', { class: 'option-description' }, ...lineMarkdown(showUnseen(description))),
  );
}

/** The key that takes an option; the tenth has none. */
const numberOf = (index: number): string | undefined => (index < 9 ? String(index + 1) : undefined);
