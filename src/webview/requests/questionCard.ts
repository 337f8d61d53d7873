import { l10n } from '../../core/l10n.ts';
import { showUnseen } from '../../core/plainText.ts';
import type { FromPage } from '../../protocol/page/fromPage.ts';
import type { QuestionEntry } from '../../protocol/page/requests.ts';
import { setAnswered } from './answered.ts';
import { element, icon, textButton } from '../dom/element.ts';
import { lineMarkdown, shortMarkdown } from '../markdown/markdownNodes.ts';

type Question = QuestionEntry['questions'][number];

/** Questions of the agent, as one form of native radio buttons, boxes and text fields. */
export function questionCard(
  request: QuestionEntry,
  sessionId: string,
  post: (message: FromPage) => void,
): HTMLElement {
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
  const form = element(
    'form',
    {
      class: 'request',
      'data-testid': 'question',
      'data-request-id': requestId,
      'aria-label': l10n.t('The agent asks you'),
      on: { keydown: (event: KeyboardEvent) => submitByEnter(event, form), submit },
    },
    title(),
    request.sessionId !== sessionId && request.sessionTitle !== undefined && origin(request.sessionTitle),
    ...fields.map((field) => field.element),
    buttons({ answer: () => form.requestSubmit(), dismiss }),
  );
  return form;
}

function title(): HTMLElement {
  const text = l10n.t('The agent asks you');
  return element('div', { class: 'request-title' }, icon('question'), element('span', { text }));
}

/** A subagent asks. */
function origin(sessionTitle: string): HTMLElement {
  const text = l10n.t('Asked by the subagent “{0}”', sessionTitle);
  return element('div', { class: 'request-origin', text });
}

function buttons({ answer, dismiss }: { answer: () => void; dismiss: () => void }): HTMLElement {
  return element(
    'div',
    { class: 'request-buttons' },
    textButton({ label: l10n.t('Answer'), class: 'primary', testId: 'question-answer', run: answer }),
    textButton({
      label: l10n.t('Dismiss'),
      class: 'secondary',
      testId: 'question-dismiss',
      title: l10n.t('Ends the run'),
      run: dismiss,
    }),
  );
}

/** A form of several text fields is not sent by Enter by itself. */
function submitByEnter(event: KeyboardEvent, form: HTMLFormElement): void {
  if (event.key !== 'Enter' || event.isComposing || !(event.target instanceof HTMLInputElement)) return;
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
}

function questionField(question: Question, name: string): QuestionField {
  const boxes = question.options.map((option, index) =>
    element('input', {
      type: question.multiple ? 'checkbox' : 'radio',
      name,
      value: option.label,
      'data-testid': `question-option-${index}`,
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
      element('legend', {}, shortMarkdown(showUnseen(question.question))),
      ...question.options.map((option, index) => labelled(option, boxes[index])),
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
  };
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
    for (const box of boxes) box.checked = false;
  });
  for (const box of boxes) {
    box.addEventListener('change', () => {
      own.value = '';
    });
  }
}

function labelled(
  { label, description }: Question['options'][number],
  box: HTMLInputElement | undefined,
): HTMLElement {
  return element(
    'label',
    { class: 'option' },
    box,
    element('span', { class: 'option-label', text: showUnseen(label) }),
    description !== '' &&
      element('span', { class: 'option-description' }, ...lineMarkdown(showUnseen(description))),
  );
}
